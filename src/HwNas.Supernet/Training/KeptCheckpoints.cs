using System.Globalization;
using HwNas.Core.Files;

namespace HwNas.Supernet.Training;

/// <summary>
/// What is kept beside the current checkpoint of a training, in the folder <c>checkpoints</c>: those before it, named by their
/// steps, and the best one.
/// </summary>
/// <param name="current">The current checkpoint.</param>
/// <param name="keep">Checkpoints to keep in all; 1 keeps the current one alone.</param>
public sealed class KeptCheckpoints(string current, int keep = 1)
{
    private const string Prefix = "step-", Ending = ".safetensors";

    private readonly string _folder = Path.Combine(Path.GetDirectoryName(current) ?? "", "checkpoints");

    /// <summary>The one whose largest and smallest subnets were the most accurate, together.</summary>
    public string Best => Path.Combine(_folder, $"best{Ending}");

    /// <summary>Those before the current one, the newest first.</summary>
    public IReadOnlyList<string> Older() => !Directory.Exists(_folder)
        ? []
        : [.. Directory.EnumerateFiles(_folder, $"{Prefix}*{Ending}").Where(file => StepOf(file) > 0).OrderByDescending(StepOf)];

    /// <summary>Writes a new current checkpoint, and keeps the one in its place.</summary>
    /// <param name="step">The step of that one; null where it is missing or damaged.</param>
    /// <param name="write">Writes the new one.</param>
    internal void Replace(int? step, Action write)
    {
        if (keep > 1 && step is { } known)
            Copy(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{known}{Ending}")));
        write();
        foreach (var old in Older().Skip(keep - 1))
            File.Delete(old);
    }

    /// <summary>The current one is the best so far.</summary>
    internal void KeepBest() => Copy(Best);

    private void Copy(string target) => AtomicFile.Write(target, stream =>
    {
        using var source = File.OpenRead(current);
        source.CopyTo(stream);
    });

    private static int StepOf(string file) =>
        int.TryParse(
            Path.GetFileNameWithoutExtension(file)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture,
            out var step)
            ? step
            : 0;
}
