using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Onnx.Export;

namespace HwNas.Cli.Commands;

/// <summary>In what form networks are exported: the options of <see cref="ModelForm"/>.</summary>
internal sealed class ModelFormOptions
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
        HelpName = "fp32|fp16",
        DefaultValueFactory = _ => "fp32",
    };

    public ModelFormOptions()
    {
        _uint8Input.AcceptOnlyFromAmong("nhwc", "nchw");
        _output.AcceptOnlyFromAmong("logits", "probabilities");
        _precision.AcceptOnlyFromAmong("fp32", "fp16");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _opset, _dynamicBatch, _uint8Input, _output, _backbone, _precision })
            command.Add(option);
    }

    /// <exception cref="InputException">A value is out of range, or two options exclude each other.</exception>
    public ModelForm Of(ParseResult parsed)
    {
        if (parsed.GetValue(_backbone) && parsed.GetValue(_output) is { } output)
            throw new InputException($"--backbone has no classes, and so no {output}. Leave out --output.");
        var form = new ModelForm
        {
            Opset = parsed.GetValue(_opset),
            DynamicBatch = parsed.GetValue(_dynamicBatch),
            Pixels = parsed.GetValue(_uint8Input) is { } layout ? new PixelInput(Parse<PixelLayout>(layout)) : null,
            Output = parsed.GetValue(_backbone) ? ModelOutput.Features : Parse<ModelOutput>(parsed.GetValue(_output) ?? "logits"),
            Precision = Parse<ModelPrecision>(parsed.GetValue(_precision)!),
        };
        form.Check();
        return form;
    }

    private static T Parse<T>(string text)
        where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);
}
