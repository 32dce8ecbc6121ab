using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using HwNas.Core.Files;

namespace HwNas.Benchmarks.Torture;

/// <summary>How much of it.</summary>
/// <param name="Mutants">Damaged files in all.</param>
/// <param name="Trainings">Kills of trainings.</param>
/// <param name="Searches">Kills of searches.</param>
/// <param name="Profiles">Kills of profiles.</param>
internal sealed record TortureScale(long Mutants, int Trainings, int Searches, int Profiles)
{
    public static TortureScale Full { get; } = new(1_000_000, 60, 100, 40);

    /// <summary>So short that a test can run it.</summary>
    public static TortureScale Short { get; } = new(3_000, 1, 1, 0);
}

/// <summary>Damaged files for every reader, and kills at any moment: <c>torture</c>.</summary>
internal static class TortureRun
{
    private const int Seed = 20261127;

    /// <summary>Gives damaged files to every reader.</summary>
    public static IReadOnlyList<FuzzResult> Fuzz(TortureScale scale, TimeProvider time, CancellationToken cancellation) =>
        InFolder(folder => new FuzzCampaign(new Corpus(folder, time).Readers(), Seed, time).Run(scale.Mutants, cancellation));

    /// <summary>Kills trainings, searches and profiles.</summary>
    public static IReadOnlyList<KillResult> Kill(TortureScale scale, CancellationToken cancellation) =>
        InFolder(folder =>
            new KillCampaign(folder, Seed).Run(scale.Trainings, scale.Searches, scale.Profiles, cancellation));

    /// <summary>Does both, until Ctrl-C or SIGTERM, and writes a report in Markdown.</summary>
    /// <returns>Whether nothing was found.</returns>
    public static bool Run(TortureScale scale, string command, string path, TextWriter output, TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var started = time.GetUtcNow();
        // Side by side: what is killed is a process of its own.
        var killing = Task.Run(() => Kill(scale, stop.Token), CancellationToken.None);
        var fuzz = Fuzz(scale, time, stop.Token);
        var kills = killing.GetAwaiter().GetResult();
        var report = Report(command, started, time.GetUtcNow(), fuzz, kills);
        AtomicFile.WriteText(path, report);
        output.Write(report);
        return fuzz.All(result => result.Faults.Count == 0) && kills.All(result => result.Faults.Count == 0);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static T InFolder<T>(Func<string, T> work)
    {
        var folder = Directory.CreateTempSubdirectory("hwnas-");
        try
        {
            return work(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Report(
        string command, DateTimeOffset started, DateTimeOffset ended, IReadOnlyList<FuzzResult> fuzz,
        IReadOnlyList<KillResult> kills)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Damaged files and kills

            Made by `{command}`, seed {Seed}, on {started:yyyy-MM-dd} in {(ended - started).TotalMinutes:0} minutes.
            Conditions: {Machine.Conditions()}.

            ## {fuzz.Sum(result => result.Mutants)} damaged files

            Each is read, or refused with an error that says what is wrong; nothing else, within
            {FuzzCampaign.MostSeconds:0} s and {FuzzCampaign.MostMiB:0} MiB of allocations. Half of the files that carry a
            hash got one that fits.

            | reader | mutants | taken | slowest, ms | most allocated, MiB | faults |
            |---|---|---|---|---|---|
            """);
        foreach (var result in fuzz)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Name} | {result.Mutants} | {result.Accepted} | {result.SlowestMs:0} | {result.MostMiB:0.0} | "
                + $"{result.Faults.Count} |");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"""

            ## {kills.Sum(result => result.Kills)} kills

            SIGKILL at random moments, then the same command until it is done: the same weights bit for bit, the same
            front, and of profiles every pass that was on disk.

            | verb | kills | results compared | faults |
            |---|---|---|---|
            """);
        foreach (var result in kills)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture, $"| {result.Verb} | {result.Kills} | {result.Rounds} | {result.Faults.Count} |");
        }

        foreach (var fault in fuzz.SelectMany(result => result.Faults.Select(fault => $"{result.Name}: {fault}"))
            .Concat(kills.SelectMany(result => result.Faults.Select(fault => $"{result.Verb}: {fault}"))))
        {
            text.AppendLine().Append("- ").AppendLine(fault);
        }

        return text.ToString();
    }
}
