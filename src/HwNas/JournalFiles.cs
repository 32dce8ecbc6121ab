using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Profiling;

namespace HwNas;

/// <summary>
/// The files beside a profile (or a result) that keep its raw samples, one for each stage of the measurement. Those of a
/// measurement that is not complete have names of their own, so that measuring again takes nothing from a finished
/// profile, and an interrupted measurement continues whether or not there was one before.
/// </summary>
/// <param name="profilePath">The profile.</param>
public sealed class JournalFiles(string profilePath)
{
    /// <summary>The file of a stage (<see cref="BudgetedProfile"/>) that is being measured.</summary>
    public string Unfinished(string stage = BudgetedProfile.MainStage) => With("unfinished", stage);

    /// <summary>
    /// Notes that a device elsewhere has been asked to measure anew: while this is there, what it has belongs to that.
    /// </summary>
    public string Asked => Path.ChangeExtension(profilePath, ".unfinished");

    /// <summary>The right to measure into these files, until it is disposed.</summary>
    /// <exception cref="InputException">Another process measures into them, or they cannot be there.</exception>
    public FileLock Lock(RunContext context)
    {
        if (Directory.Exists(profilePath))
        {
            throw new InputException(
                $"'{profilePath}' is a folder, but this is written as a file: give it a name, such as --out "
                + $"{Path.Combine(profilePath, "my-device.json")}.");
        }

        return FileLock.Take(
            Path.Combine(
                Path.GetDirectoryName(Path.GetFullPath(profilePath))!, $".{Path.GetFileNameWithoutExtension(profilePath)}.lock"),
            profilePath, context.Worker, context.Time);
    }

    /// <summary>The profile is written: what was measured for it takes the place of what was there before.</summary>
    public void Complete()
    {
        foreach (var stage in BudgetedProfile.Stages)
        {
            if (File.Exists(Unfinished(stage)))
                File.Move(Unfinished(stage), Kept(stage), overwrite: true);
            else
                File.Delete(Kept(stage));
        }

        AtomicFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(profilePath))!);
    }

    /// <summary>
    /// Writes the raw samples of a profile that was measured elsewhere: the main stage, and what was measured beyond it.
    /// </summary>
    public void Keep(IReadOnlyList<MeasurementRecord> records)
    {
        foreach (var (record, stage) in records.Zip(BudgetedProfile.KeptStages))
            MeasurementJournal.Write(Kept(stage), record);
        File.Delete(Asked);
    }

    private string Kept(string stage) => With("samples", stage);

    private string With(string state, string stage) =>
        Path.ChangeExtension(profilePath, stage == BudgetedProfile.MainStage ? $".{state}.jsonl" : $".{state}-{stage}.jsonl");
}
