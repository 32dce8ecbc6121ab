using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Onnx.Export;
using HwNas.Onnx.Quantization;

namespace HwNas.Cli.Commands;

/// <summary>How networks are exported: the options of <see cref="ExportOptions"/>.</summary>
internal sealed class ExportOptionSet
{
    private readonly Option<int> _opset = new("--opset")
    {
        Description = $"The ONNX operator set, {ModelForm.LeastOpset} to {ModelForm.GreatestOpset}.",
        HelpName = "N",
        DefaultValueFactory = _ => ModelForm.LeastOpset,
    };
    private readonly Option<bool> _dynamicBatch = new("--dynamic-batch")
    {
        Description = "Leave open how many images a run takes; false fixes it at 1, for compilers that ask for it.",
        HelpName = "true|false",
        DefaultValueFactory = _ => true,
    };
    private readonly Option<string?> _uint8Input = new("--uint8-input")
    {
        Description = "Take raw bytes, normalised and resized inside the model: pixel after pixel (nhwc) or channel after "
            + "channel (nchw).",
        HelpName = "nhwc|nchw",
    };
    private readonly Option<string?> _output = new("--output")
    {
        Description = "What the model gives. Default: logits.",
        HelpName = "logits|probabilities",
    };
    private readonly Option<bool> _backbone = new("--backbone")
    {
        Description = "Leave out the classifier: outputs are the feature maps of each stride, called stride4, stride8, ….",
    };
    private readonly Option<string> _precision = new("--precision")
    {
        Description = "Number format of weights and activations.",
        HelpName = "fp32|fp16|int8",
        DefaultValueFactory = _ => "fp32",
    };

    private readonly Option<string?> _calibration = new("--calibration")
    {
        Description = "How int8 ranges follow from calibration images. Default: minmax.",
        HelpName = "minmax|percentile",
    };
    private readonly Option<int?> _calibrationImages = new("--calibration-images")
    {
        Description = $"Training images that show int8 ranges. Default: {new QuantizationOptions().CalibrationImages}.",
        HelpName = "N",
    };
    private readonly Option<double?> _maxLoss = Numbers.In(new Option<double?>("--max-loss")
    {
        Description = "Points of validation accuracy that int8 may cost before the blocks that lose most stay in float. "
            + FormattableString.Invariant($"Default: {new QuantizationOptions().MaxLossPoints}."),
        HelpName = "POINTS",
    });
    private readonly Option<string[]> _profiles = new("--profile")
    {
        Description = "Profiles of the models' number format; their predictions go into the cards.",
        HelpName = "FILE",
    };

    public ExportOptionSet()
    {
        _uint8Input.AcceptOnlyFromAmong("nhwc", "nchw");
        _calibration.AcceptOnlyFromAmong("minmax", "percentile");
        _output.AcceptOnlyFromAmong("logits", "probabilities");
        _precision.AcceptOnlyFromAmong("fp32", "fp16", "int8");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _opset, _dynamicBatch, _uint8Input, _output, _backbone, _precision, _calibration, _calibrationImages, _maxLoss,
            _profiles,
        })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InputException">A value is out of range, or two options exclude each other.</exception>
    public ExportOptions Of(ParseResult parsed)
    {
        var options = new ExportOptions
        {
            Form = FormOf(parsed),
            Quantization = QuantizationOf(parsed),
            Profiles = [.. (parsed.GetValue(_profiles) ?? []).Select(DeviceProfile.Read)],
        };
        options.Form.Check();
        options.Quantization.Check();
        return options;
    }

    private ModelForm FormOf(ParseResult parsed)
    {
        if (parsed.GetValue(_backbone) && parsed.GetValue(_output) is { } output)
            throw new InputException($"--backbone has no classes, and so no {output}. Leave out --output.");
        return new ModelForm
        {
            Opset = parsed.GetValue(_opset),
            DynamicBatch = parsed.GetValue(_dynamicBatch),
            Pixels = parsed.GetValue(_uint8Input) is { } layout ? new PixelInput(Parse<PixelLayout>(layout)) : null,
            Output = parsed.GetValue(_backbone) ? ModelOutput.Features : Parse<ModelOutput>(parsed.GetValue(_output) ?? "logits"),
            Precision = Parse<ModelPrecision>(parsed.GetValue(_precision)!),
        };
    }

    private QuantizationOptions QuantizationOf(ParseResult parsed)
    {
        Option[] ofInt8 = [_calibration, _calibrationImages, _maxLoss];
        if (parsed.GetValue(_precision) != "int8"
            && ofInt8.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new InputException($"{given.Name} is about 8-bit integers. Add --precision int8, or leave it out.");
        }

        var usual = new QuantizationOptions();
        return usual with
        {
            Ranges = parsed.GetValue(_calibration) is { } rule ? Parse<RangeRule>(rule) : usual.Ranges,
            CalibrationImages = parsed.GetValue(_calibrationImages) ?? usual.CalibrationImages,
            MaxLossPoints = parsed.GetValue(_maxLoss) ?? usual.MaxLossPoints,
        };
    }

    private static T Parse<T>(string text)
        where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);
}
