using HwNas.Core.Devices.Measurement;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Runs;

/// <summary>The files beside a profile that keep its raw samples, one for each stage of the measurement.</summary>
/// <param name="profilePath">The profile.</param>
internal sealed class JournalFiles(string profilePath)
{
    /// <summary>The file of a stage (<see cref="BudgetedProfile"/>).</summary>
    public string Of(string stage) => Path.ChangeExtension(profilePath, stage == BudgetedProfile.MainStage ? ".samples.jsonl" : $".samples-{stage}.jsonl");

    /// <summary>Writes the raw samples of a profile that was measured elsewhere: the main stage, and what was measured beyond it.</summary>
    public void Keep(IReadOnlyList<MeasurementRecord> records)
    {
        foreach (var (record, stage) in records.Zip(BudgetedProfile.KeptStages))
            MeasurementJournal.Write(Of(stage), record);
    }

    /// <summary>With a profile beside them, the samples are those of a finished measurement: a new one must not continue it.</summary>
    public void BeginAfresh()
    {
        if (!File.Exists(profilePath))
            return;
        foreach (var stage in BudgetedProfile.Stages)
            File.Delete(Of(stage));
    }
}
