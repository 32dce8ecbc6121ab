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

    private readonly ModelForm _form;

    /// <exception cref="InputException">The front was not searched on this supernet, or there is no such form.</exception>
    public SubnetExporter(NasRun run, ModelForm form, CancellationToken cancellation)
    {
        form.Check();
        var search = run.Searched();
        _front = search.ReadFront();
        _checkpoint = run.ReadCheckpoint();
        if (_checkpoint.Hash != _front.Supernet.Hash)
        {
            throw new InputException(
                $"'{search.Front}' was searched on another supernet than '{run.Folder.Checkpoint}'. Search again.");
        }

        _data = run.Data(cancellation);
        var image = _data.Training.Shape;
        _form = form with { Pixels = form.Pixels is { } pixels ? new(pixels.Layout, image.Height, image.Width) : null };
        _evaluator = run.Evaluate(_checkpoint, cancellation);
    }

    /// <summary>Writes a model and its card.</summary>
    public void Export(FrontSubnet subnet, string path)
    {
        var plan = _checkpoint.Space.PlanOf(subnet.Id);
        var backbone = _form.IsBackbone ? Backbone.Of(plan) : null;
        var cost = NetworkCost.Of(backbone?.Plan ?? plan);
        ImmutableArray<FeatureTap> taps = [.. backbone?.Taps.Values ?? []];
        using var calibrated = _evaluator.Calibrate(plan);
        OnnxModelWriter.WriteFile(path, calibrated.Weights, new OnnxModelMetadata
        {
            Space = _checkpoint.Space.Name,
            SpaceHash = _checkpoint.Space.Hash,
            SupernetHash = _checkpoint.Hash,
            DataHash = _data.Hash,
            Architecture = subnet.Id,
            ValidationTop1Percent = subnet.Top1Percent,
            ValidationStandardErrorPercent = subnet.StandardErrorPercent,
            Macs = cost.Macs,
            Params = cost.Params,
            Resolution = plan.Input.Height,
            Classes = plan.Classes,
            ClassNames = JsonSerializer.Serialize(_data.Classes, StrictJson.LineOptions),
            Normalisation = _data.Training.Normalisation,
            Form = _form,
            Taps = taps,
        });
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
            ValidationTop1Percent = subnet.Top1Percent,
            ValidationStandardErrorPercent = subnet.StandardErrorPercent,
            Taps = taps,
            Costs = backbone is null ? subnet.Costs : CountsOf(backbone.Plan),
            // Profiles of a search are of whole networks in fp32.
            PredictedLatencyUs = backbone is null && _form.Precision == ModelPrecision.Fp32
                ? subnet.LatencyUs
                : ImmutableSortedDictionary<string, LatencyEstimate>.Empty,
        });
    }

    public void Dispose() => _evaluator.Dispose();

    private static ImmutableSortedDictionary<string, double> CountsOf(NetworkPlan plan)
    {
        var counts = new CountMetrics();
        return counts.Metrics.Zip(counts.ValuesOf(plan))
            .ToImmutableSortedDictionary(pair => pair.First.Name, pair => pair.Second);
    }
}
