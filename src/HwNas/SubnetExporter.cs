using System.Collections.Immutable;
using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Quantization;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>Cuts subnets out of a run's supernet and writes them as ONNX.</summary>
internal sealed class SubnetExporter : IDisposable
{
    private readonly FrontFile _front;
    private readonly SupernetCheckpoint _checkpoint;
    private readonly RunEvaluator _evaluator;
    private readonly DataSplits _data;

    private readonly NasRun _run;
    private readonly ModelForm _form;
    private readonly QuantizationOptions _quantization;
    private readonly ImmutableArray<LatencyTable> _tables;

    /// <exception cref="InputException">The front was not searched on this supernet, or a profile does not fit.</exception>
    public SubnetExporter(NasRun run, ExportOptions options, CancellationToken cancellation)
    {
        _run = run;
        var search = run.Searched();
        _front = search.ReadFront();
        _checkpoint = run.ReadCheckpoint();
        if (_checkpoint.Hash != _front.Supernet.Hash)
        {
            throw new InputException(
                $"'{search.Front}' was searched on another supernet than '{run.Folder.Checkpoint}'. Search again.");
        }

        _data = run.Data(cancellation);
        var (form, image) = (options.Form, _data.Training.Shape);
        _form = form with { Pixels = form.Pixels is { } pixels ? new(pixels.Layout, image.Height, image.Width) : null };
        _quantization = options.Quantization with { Threads = run.Threads };
        _tables = [.. options.Profiles.Select(TableOf)];
        _evaluator = run.Evaluate(_checkpoint, cancellation);
    }

    /// <summary>Writes a model and its card.</summary>
    public void Export(FrontSubnet subnet, string path, CancellationToken cancellation)
    {
        var plan = _checkpoint.Space.PlanOf(subnet.Id);
        var backbone = _form.IsBackbone ? Backbone.Of(plan) : null;
        var cost = NetworkCost.Of(backbone?.Plan ?? plan);
        ImmutableArray<FeatureTap> taps = [.. backbone?.Taps.Values ?? []];
        using var calibrated = _evaluator.Calibrate(plan);
        var quantized = _form.Precision == ModelPrecision.Int8
            ? QuantizedNetwork.Create(calibrated.Weights, _data.Training, _data.Validation, _quantization, cancellation)
            : null;
        if (quantized is not null)
            _run.Context.Notice($"{subnet.Id}: {quantized.Report}.");
        var top1 = quantized?.Report.Top1Percent ?? subnet.Top1Percent;
        var error = quantized?.Report.StandardErrorPercent ?? subnet.StandardErrorPercent;
        var metadata = new OnnxModelMetadata
        {
            Space = _checkpoint.Space.Name,
            SpaceHash = _checkpoint.Space.Hash,
            SupernetHash = _checkpoint.Hash,
            DataHash = _data.Hash,
            Architecture = subnet.Id,
            ValidationTop1Percent = top1,
            ValidationStandardErrorPercent = error,
            Macs = cost.Macs,
            Params = cost.Params,
            Resolution = plan.Input.Height,
            Classes = plan.Classes,
            ClassNames = JsonSerializer.Serialize(_data.Classes, StrictJson.LineOptions),
            Normalisation = _data.Training.Normalisation,
            Form = _form,
            Taps = taps,
        };
        if (quantized is null)
            OnnxModelWriter.WriteFile(path, calibrated.Weights, metadata);
        else
            quantized.WriteFile(path, metadata);
        StrictJson.WriteFile(ModelCard.PathFor(path), new ModelCard
        {
            ToolVersion = ToolVersion.Text,
            Model = new InputReference(Path.GetFileName(path), ContentHash.OfFile(path)),
            Form = _form,
            Space = _front.Space,
            Supernet = _front.Supernet,
            Data = new InputReference(_data.Name, _data.Hash),
            Search = new InputReference(_front.Name, _front.Hash),
            Architecture = subnet.Id,
            Resolution = plan.Input.Height,
            Normalisation = _data.Training.Normalisation,
            Classes = _data.Classes,
            ValidationTop1Percent = top1,
            ValidationStandardErrorPercent = error,
            Taps = taps,
            Costs = backbone is null ? subnet.Costs : CountsOf(backbone.Plan),
            PredictedLatencyUs = PredictedUs(subnet, plan),
            Quantization = quantized?.Report,
        });
    }

    public void Dispose() => _evaluator.Dispose();

    // Profiles of a search are of fp32; those that are given are of the form's own format. Both are of whole networks.
    private ImmutableSortedDictionary<string, LatencyEstimate> PredictedUs(FrontSubnet subnet, NetworkPlan plan)
    {
        var searched = !_form.IsBackbone && _form.Precision == ModelPrecision.Fp32
            ? subnet.LatencyUs
            : ImmutableSortedDictionary<string, LatencyEstimate>.Empty;
        return searched.SetItems(_tables.Select(table => KeyValuePair.Create(table.Device, table.Estimate(plan))));
    }

    private LatencyTable TableOf(DeviceProfile profile)
    {
        if (_form.IsBackbone)
            throw new InputException("A profile predicts networks with their classifier. Leave out --profile or --backbone.");
        var precision = _form.Precision.ToString().ToLowerInvariant();
        return profile.Runtime.Precision == _form.Precision
            ? LatencyTable.For(profile, _checkpoint.Space)
            : throw new InputException(
                $"The profile of '{profile.Device.Id}' is of {profile.Runtime}, but the models are {precision}. Give a "
                + $"profile of {precision}: hwnas profile --precision {precision}.");
    }

    private static ImmutableSortedDictionary<string, double> CountsOf(NetworkPlan plan)
    {
        var counts = new CountMetrics();
        return counts.Metrics.Zip(counts.ValuesOf(plan))
            .ToImmutableSortedDictionary(pair => pair.First.Name, pair => pair.Second);
    }
}
