using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Runs;

/// <summary>The files beside a profile that keep its raw samples, one for each stage of the measurement.</summary>
/// <param name="profilePath">The profile.</param>
internal sealed class JournalFiles(string profilePath)
{
    /// <summary>The file of a stage (<see cref="BudgetedProfile"/>).</summary>
    public string Of(string stage) => Path.ChangeExtension(profilePath, stage == BudgetedProfile.MainStage ? ".samples.jsonl" : $".samples-{stage}.jsonl");

    /// <summary>With a profile beside them, the samples are those of a finished measurement: a new one must not continue it.</summary>
    public void BeginAfresh()
    {
        if (!File.Exists(profilePath))
            return;
        foreach (var stage in BudgetedProfile.Stages)
            File.Delete(Of(stage));
    }
}
