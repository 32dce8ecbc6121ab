using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Commands;

/// <summary>What is measured and how: the options that all ways of profiling share.</summary>
internal sealed class MeasurementOptions
{
    // Enough networks for the rates of some ten kinds of layers.
    private const int EndToEndNets = 100;

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that share the work of one network.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<string> _provider = new("--provider")
    {
        Description = "What executes the nodes: cpu, xnnpack, cuda or tensorrt.",
        DefaultValueFactory = _ => "cpu",
        HelpName = "NAME",
    };
    private readonly Option<GraphLevel?> _graphLevel = new("--graph-level")
    {
        Description = "How far the runtime may rewrite the graph. Default: all.",
        HelpName = "all|extended|basic|none",
    };
    private readonly Option<ModelPrecision?> _precision = new("--precision")
    {
        Description = "Number format. Default: fp32.",
        HelpName = "fp32|fp16|int8",
    };
    private readonly Option<int> _batch = new("--batch") { Description = "Images in one run.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _seconds = Numbers.In(new Option<double>("--seconds")
    {
        Description = "Measure a space whole, with passes of at most so long.",
        DefaultValueFactory = _ => new MeasurementSettings().MaxSeconds,
    });
    private readonly Option<double?> _minutes = Numbers.In(new Option<double?>("--minutes")
    {
        Description = "Take so long in all: if the space does not fit, measure a part of it and predict the rest.",
    });
    private readonly Option<bool> _endToEnd = new("--end-to-end")
    {
        Description = $"Measure {EndToEndNets} whole networks instead of layers: for runtimes that compile whole graphs.",
    };
    private readonly Option<int> _seed = SharedOptions.Seed();

    private readonly Option<string?> _space = new("--space")
    {
        Description = "A built-in search space, or a .json file. Default: that of the newest run in runs/, and a line says "
            + $"which; where there is no run, {SharedOptions.UsualSpace}.",
        HelpName = "NAME|FILE",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _space, _threads, _provider, _graphLevel, _precision, _batch, _seconds, _minutes, _endToEnd, _seed,
        })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InputException">A value is out of range.</exception>
    public ProfileOptions Read(ParseResult parsed)
    {
        var seconds = parsed.GetValue(_seconds);
        if (seconds is not (>= 1 and <= 86_400))
            throw new InputException($"--seconds {seconds} is not in 1..86400.");
        var options = new ProfileOptions
        {
            Runtime = new RuntimeRequest(
                parsed.GetValue(_provider)!,
                parsed.GetValue(_graphLevel) ?? GraphLevel.All,
                parsed.GetValue(_threads),
                parsed.GetValue(_precision) ?? ModelPrecision.Fp32,
                parsed.GetValue(_batch)),
            Measurement = new MeasurementSettings { Seed = parsed.GetValue(_seed) }.AtMost(seconds),
        };
        options.Validate();
        return IsEndToEnd(parsed) ? options with { HeldOutNets = EndToEndNets - options.CalibrationNets } : options;
    }

    public bool IsEndToEnd(ParseResult parsed) => parsed.GetValue(_endToEnd);

    /// <summary>The space whose layers are measured.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public ISearchSpace Space(ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(_space) is null && RunOption.Newest() is { } newest && File.Exists(newest.Space))
        {
            context.Choose("--space", newest.Space, $"Space of the run '{newest.Path}', the newest in '{RunOption.Runs}/'");
            return SearchSpace.Load(newest.Space);
        }

        return SearchSpace.Load(parsed.GetValue(_space) ?? SharedOptions.UsualSpace);
    }

    /// <summary>The time for all of it; null measures the space whole.</summary>
    /// <exception cref="InputException">The value is out of range.</exception>
    public TimeSpan? Budget(ParseResult parsed) => parsed.GetValue(_minutes) switch
    {
        null => null,
        >= 0.5 and <= 1440 and var minutes => TimeSpan.FromMinutes(minutes),
        var minutes => throw new InputException($"--minutes {minutes} is not in 0.5..1440."),
    };
}
