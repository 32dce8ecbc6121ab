using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Files;
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

    /// <exception cref="InputException">The front was not searched on this supernet.</exception>
    public SubnetExporter(NasRun run, CancellationToken cancellation)
    {
        var search = run.Searched();
        _front = search.ReadFront();
        _checkpoint = run.ReadCheckpoint();
        if (_checkpoint.Hash != _front.Supernet.Hash)
        {
            throw new InputException(
                $"'{search.Front}' was searched on another supernet than '{run.Folder.Checkpoint}'. Search again.");
        }

        _data = run.Data(cancellation);
        _evaluator = run.Evaluate(_checkpoint, cancellation);
    }

    /// <summary>Writes a model and its card.</summary>
    public void Export(FrontSubnet subnet, string path)
    {
        var plan = _checkpoint.Space.PlanOf(subnet.Id);
        using var calibrated = _evaluator.Calibrate(plan);
        OnnxModelWriter.WriteFile(path, calibrated.Weights, new OnnxModelMetadata
        {
            Space = _checkpoint.Space.Name,
            SpaceHash = _checkpoint.Space.Hash,
            Architecture = subnet.Id,
            ValidationTop1Percent = subnet.Top1Percent,
            Macs = subnet.Macs,
            Params = subnet.Params,
            Resolution = plan.Input.Height,
            Classes = plan.Classes,
            ClassNames = JsonSerializer.Serialize(_data.Classes, StrictJson.LineOptions),
            Normalisation = _data.Training.Normalisation,
        });
        StrictJson.WriteFile(ModelCard.PathFor(path), new ModelCard
        {
            ToolVersion = ToolVersion.Text,
            Model = new InputReference(Path.GetFileName(path), ContentHash.OfFile(path)),
            Precision = "fp32",
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
            Costs = subnet.Costs,
            PredictedLatencyUs = subnet.LatencyUs,
        });
    }

    public void Dispose() => _evaluator.Dispose();
}
