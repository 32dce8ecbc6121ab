using System.Diagnostics;

namespace HwNas.Benchmarks.Torture;

/// <summary>What kills of one verb came to.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Kills">Processes that were killed while they worked.</param>
/// <param name="Rounds">Results that were reached despite kills, and compared.</param>
/// <param name="Faults">What was not as it would have been without a kill.</param>
internal sealed record KillResult(string Verb, int Kills, int Rounds, IReadOnlyList<string> Faults);

/// <summary>
/// Kills the tool (SIGKILL) at random moments of a training, a profile and a search, continues it until it is done, and compares
/// with what an undisturbed process makes.
/// </summary>
/// <param name="folder">An empty folder.</param>
/// <param name="seed">Decides the moments.</param>
internal sealed class KillCampaign(string folder, int seed)
{
    private const int MostFaults = 5, MostMisses = 20, KilledCode = 137;

    // How much of what is left of its log a process may write before it is killed. The first kill of a round shall land; later
    // ones may be meant to come behind the end, so that a round ends.
    private const double FirstShare = 0.9, LaterShare = 1.2;

    // One later kill in so many comes at a moment of the clock, while the process starts.
    private const int LaterKillsPerEarlyOne = 4, MostEarlyMs = 1000;

    private static readonly string Tool = Path.Combine(AppContext.BaseDirectory, "hwnas.dll");

    private readonly Random _random = new(seed);

    /// <summary>Kills each verb so many times, in turns: wherever it is stopped, all had their share.</summary>
    public IReadOnlyList<KillResult> Run(int trainings, int searches, int profiles, CancellationToken cancellation)
    {
        TortureData.Write(folder);
        List<IEnumerator<KillResult>> verbs =
        [
            Of(new KilledTraining(folder), trainings).GetEnumerator(),
            Of(new KilledSearch(folder), searches).GetEnumerator(),
            Of(new KilledProfile(folder), profiles).GetEnumerator(),
        ];
        verbs.ForEach(verb => verb.MoveNext());
        var results = verbs.ConvertAll(verb => verb.Current);
        var left = true;
        while (left && !cancellation.IsCancellationRequested)
        {
            left = false;
            foreach (var (i, verb) in verbs.Index())
            {
                if (cancellation.IsCancellationRequested || !verb.MoveNext())
                    continue;
                results[i] = verb.Current;
                left = true;
            }
        }

        return results;
    }

    // The state before the first kill, and after each kill and round.
    private IEnumerable<KillResult> Of(KilledVerb verb, int wanted)
    {
        var (kills, rounds, misses, faults) = (0, 0, 0, new List<string>());
        yield return new KillResult(verb.Name, kills, rounds, faults);
        if (wanted == 0)
            yield break;
        var wholeOutput = Finish(verb, "whole");
        var wholeBytes = Length(verb.FinishedLog("whole"));
        var firstShare = FirstShare;
        while (kills < wanted)
        {
            var (work, killsBefore, output) = ($"killed-{rounds}-{misses}", kills, (string?)null);
            while (output is null && kills < wanted)
            {
                output = kills == killsBefore
                    ? FinishUnlessKilled(verb, work, wholeBytes, firstShare)
                    : FinishUnlessKilled(verb, work, wholeBytes, LaterShare, mayBeEarly: true);
                if (output is not null)
                    continue;
                Fault(faults, rounds, verb.FaultOfKilled(work));
                yield return new KillResult(verb.Name, ++kills, rounds, faults);
            }

            if (kills > killsBefore)
            {
                Fault(faults, rounds, verb.FaultOfFinished(work, output ?? Finish(verb, work), wholeOutput));
                (misses, rounds) = (0, rounds + 1);
            }
            else if (++misses < MostMisses)
            {
                // It ended before it could be killed: next time the kill comes earlier.
                firstShare /= 2;
            }
            else
            {
                Fault(faults, rounds, $"no kill of {misses} came in time");
                wanted = kills;
            }

            yield return new KillResult(verb.Name, kills, rounds, faults);
        }
    }

    // What the process printed, or null where it was killed. Its log tells the moment: what part of the work a span of time is
    // hangs on the machine.
    private string? FinishUnlessKilled(KilledVerb verb, string work, long wholeBytes, double share, bool mayBeEarly = false)
    {
        var log = verb.Log(work);
        var known = Length(log);
        var enough = known + (share * _random.NextDouble() * Math.Max(0, wholeBytes - known));
        var early = mayBeEarly && _random.Next(LaterKillsPerEarlyOne) == 0;
        using var process = Start(verb.Arguments(work));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (early)
            process.WaitForExit(_random.Next(MostEarlyMs));
        while (!early && !process.HasExited && Length(log) <= enough)
            Thread.Sleep(1);
        if (!early)
            process.WaitForExit(_random.Next(verb.RecordMs));
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return process.ExitCode switch
        {
            0 => output.Result,
            KilledCode => verb.IsFinished(work) ? output.Result : null,
            var code => throw Failed(verb.Arguments(work), code, error.Result),
        };
    }

    private string Finish(KilledVerb verb, string work)
    {
        var arguments = verb.Arguments(work);
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw Failed(arguments, process.ExitCode, error.Result);
    }

    private static InvalidOperationException Failed(string[] arguments, int code, string error) =>
        new($"hwnas {string.Join(' ', arguments)} ended with {code}: {error}");

    private Process Start(string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Tool, .. arguments])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    // A log that is not there yet is shorter than an empty one.
    private static long Length(string log) => new FileInfo(log) is { Exists: true } file ? file.Length : -1;

    private static void Fault(List<string> faults, int round, string? fault)
    {
        if (fault is not null && faults.Count < MostFaults)
            faults.Add($"round {round + 1}: {fault}");
    }
}
