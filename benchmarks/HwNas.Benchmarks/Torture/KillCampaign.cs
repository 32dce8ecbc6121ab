using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HwNas.Benchmarks.Torture;

/// <summary>What kills of one verb came to.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Kills">Processes that were killed while they worked.</param>
/// <param name="Rounds">Results that were reached despite kills, and compared.</param>
/// <param name="Faults">What was not as it would have been without a kill.</param>
internal sealed record KillResult(string Verb, int Kills, int Rounds, IReadOnlyList<string> Faults);

/// <summary>
/// Kills the tool (SIGKILL) at random moments of a training, a profile and a search, continues it until it is done, and compares
/// with what an undisturbed process makes: the same weights bit for bit, the same front; of a profile, whose times differ
/// from run to run, every pass that was on disk.
/// </summary>
/// <param name="folder">An empty folder.</param>
/// <param name="seed">Decides the moments.</param>
/// <param name="time">Times the undisturbed processes.</param>
internal sealed class KillCampaign(string folder, int seed, TimeProvider time)
{
    private const int MostFaults = 5;

    // A machine that has become busier gets more time before the next kill: else nothing would come to an end.
    private const double Patience = 1.05;

    private static readonly string Tool = Path.Combine(AppContext.BaseDirectory, "hwnas.dll");

    private static readonly string[] Train =
        ["train", "--data", "bars", "--steps", "10", "--batch", "8", "--threads", "1", "--checkpoint-steps", "2", "--seed", "5"];

    private static readonly string[] Search =
    [
        "search", "--benchmark", "table.csv", "--genome", "arch", "--maximize", "acc", "--minimize", "cost",
        "--strategy", "nsga2", "--evaluations", "1500", "--seed", "3", "--json",
    ];

    private static readonly string[] Profile = ["profile", "--space", "tiny.json", "--device", "killed", "--seconds", "4"];

    private readonly Random _random = new(seed);

    /// <summary>Kills each verb so many times, in turns: wherever it is stopped, all had their share.</summary>
    public IReadOnlyList<KillResult> Run(int trainings, int searches, int profiles, CancellationToken cancellation)
    {
        TortureData.Write(folder);
        List<IEnumerator<KillResult>> verbs =
            [OfTraining(trainings).GetEnumerator(), OfSearch(searches).GetEnumerator(), OfProfile(profiles).GetEnumerator()];
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

    // The state before the first round, and after each.
    private IEnumerable<KillResult> OfTraining(int wanted)
    {
        var (kills, rounds, faults) = (0, 0, new List<string>());
        yield return new KillResult("train", kills, rounds, faults);
        if (wanted == 0)
            yield break;
        var (_, seconds) = Whole([.. Train, "--out", "whole"]);
        var expected = File.ReadAllBytes(At("whole/supernet.safetensors"));
        while (kills < wanted)
        {
            var output = $"killed-{rounds}";
            for (; Killed([.. Train, "--out", output, .. Resume(output)], seconds); seconds *= Patience)
                kills++;
            _ = Whole([.. Train, "--out", output, .. Resume(output)]);
            rounds++;
            if (!expected.SequenceEqual(File.ReadAllBytes(At($"{output}/supernet.safetensors"))))
                Fault(faults, $"round {rounds}: other weights");
            Directory.Delete(At(output), recursive: true);
            yield return new KillResult("train", kills, rounds, faults);
        }

        string[] Resume(string output) => File.Exists(At($"{output}/supernet.safetensors")) ? ["--resume"] : [];
    }

    private IEnumerable<KillResult> OfSearch(int wanted)
    {
        var (kills, rounds, faults) = (0, 0, new List<string>());
        yield return new KillResult("search", kills, rounds, faults);
        if (wanted == 0)
            yield break;
        var (whole, seconds) = Whole([.. Search, "--journal", "whole.journal"]);
        while (kills < wanted)
        {
            var journal = $"killed-{rounds}.journal";
            for (; Killed([.. Search, "--journal", journal], seconds); seconds *= Patience)
                kills++;
            var (output, _) = Whole([.. Search, "--journal", journal]);
            rounds++;
            if (Front(output) != Front(whole))
                Fault(faults, $"round {rounds}: another front");
            File.Delete(At(journal));
            yield return new KillResult("search", kills, rounds, faults);
        }

        static string Front(string json)
        {
            var answer = JsonNode.Parse(json)!;
            return $"{answer["front"]!.ToJsonString()} {answer["hypervolume"]}";
        }
    }

    private IEnumerable<KillResult> OfProfile(int wanted)
    {
        var (kills, rounds, faults) = (0, 0, new List<string>());
        yield return new KillResult("profile", kills, rounds, faults);
        if (wanted == 0)
            yield break;
        var (_, seconds) = Whole([.. Profile, "--out", "whole.json"]);
        while (kills < wanted)
        {
            var profile = $"killed-{rounds}";
            string[] known = [];
            for (; Killed([.. Profile, "--out", profile + ".json"], seconds); seconds *= Patience)
            {
                kills++;
                known = Kept(known, profile + ".unfinished.jsonl");
            }

            // Once more would measure anew: what ended by itself is the result.
            rounds++;
            _ = Kept(known, profile + ".samples.jsonl");
            yield return new KillResult("profile", kills, rounds, faults);
        }

        // What was on disk stays there; a line that was being written does not count.
        string[] Kept(string[] known, string file)
        {
            var text = File.Exists(At(file)) ? File.ReadAllText(At(file)) : "";
            var now = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (!now.Take(known.Length).SequenceEqual(known))
                Fault(faults, $"round {rounds}: passes are lost of {known.Length}");
            return now;
        }
    }

    // Whether the process was killed before it was done: at any moment of its work, the start of .NET left out.
    private bool Killed(string[] arguments, double seconds)
    {
        using var process = Start(arguments);
        _ = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(seconds * (0.2 + (0.9 * _random.NextDouble())))))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return true;
        }

        return process.ExitCode == 0 ? false : throw Failed(arguments, process.ExitCode, error.Result);
    }

    private (string Output, double Seconds) Whole(string[] arguments)
    {
        var began = time.GetTimestamp();
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? (output, time.GetElapsedTime(began).TotalSeconds)
            : throw Failed(arguments, process.ExitCode, error.Result);
    }

    private static InvalidOperationException Failed(string[] arguments, int code, string error) =>
        new($"hwnas {string.Join(' ', arguments)} ended with {code}: {error}");

    private Process Start(string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Tool, .. arguments])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private string At(string name) => Path.Combine(folder, name);

    private static void Fault(List<string> faults, string fault)
    {
        if (faults.Count < MostFaults)
            faults.Add(fault);
    }
}
