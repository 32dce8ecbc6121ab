using System.Text.Json.Nodes;

namespace HwNas.Benchmarks.Torture;

/// <summary>A verb that is killed while it works: its command, the log that shows its progress, and what must come out.</summary>
/// <param name="folder">Where it runs.</param>
internal abstract class KilledVerb(string folder)
{
    public abstract string Name { get; }

    /// <summary>How long its work between two records of the log takes, about, in milliseconds.</summary>
    public abstract int RecordMs { get; }

    /// <summary>The arguments that begin or continue the work of such a name.</summary>
    public abstract string[] Arguments(string work);

    /// <summary>The file that grows while it works.</summary>
    public abstract string Log(string work);

    /// <summary>The same file when it is done.</summary>
    public virtual string FinishedLog(string work) => Log(work);

    /// <summary>Whether a killed process had done all, and the next one would begin anew.</summary>
    public virtual bool IsFinished(string work) => false;

    /// <summary>What is wrong after a kill, or null.</summary>
    public virtual string? FaultOfKilled(string work) => null;

    /// <summary>What is wrong when it is done, in comparison with the work <c>whole</c>, which nobody killed, or null.</summary>
    public abstract string? FaultOfFinished(string work, string output, string wholeOutput);

    protected string At(string name) => Path.Combine(folder, name);
}

/// <summary>A training: the same weights, bit for bit.</summary>
internal sealed class KilledTraining(string folder) : KilledVerb(folder)
{
    public override string Name => "train";

    public override int RecordMs => 150;

    public override string[] Arguments(string work) =>
    [
        "train", "--data", "bars", "--steps", "10", "--batch", "8", "--threads", "1", "--checkpoint-steps", "2", "--seed", "5",
        "--recipe", "alphanet", "--set", "average_decay=0.9", "--set", "sampling=worst_up", "--augment", "strong",
        "--out", work, .. File.Exists(Weights(work)) ? (string[])["--resume"] : [],
    ];

    public override string Log(string work) => At($"{work}/metrics.jsonl");

    public override string? FaultOfFinished(string work, string output, string wholeOutput) =>
        File.ReadAllBytes(Weights(work)).SequenceEqual(File.ReadAllBytes(Weights("whole"))) ? null : "other weights";

    private string Weights(string work) => At($"{work}/supernet.safetensors");
}

/// <summary>A search on a table: the same front.</summary>
internal sealed class KilledSearch(string folder) : KilledVerb(folder)
{
    public override string Name => "search";

    public override int RecordMs => 1;

    public override string[] Arguments(string work) =>
    [
        "search", "--benchmark", "table.csv", "--genome", "arch", "--maximize", "acc", "--minimize", "cost",
        "--strategy", "nsga2", "--evaluations", "1500", "--seed", "3", "--json", "--journal", $"{work}.journal",
    ];

    public override string Log(string work) => At($"{work}.journal");

    public override string? FaultOfFinished(string work, string output, string wholeOutput) =>
        Front(output) == Front(wholeOutput) ? null : "another front";

    private static string Front(string json)
    {
        var answer = JsonNode.Parse(json)!;
        return $"{answer["front"]!.ToJsonString()} {answer["hypervolume"]}";
    }
}

/// <summary>A profile, whose times differ from run to run: every pass that was on disk stays.</summary>
internal sealed class KilledProfile(string folder) : KilledVerb(folder)
{
    private readonly Dictionary<string, string[]> _known = [];

    public override string Name => "profile";

    public override int RecordMs => 300;

    public override string[] Arguments(string work) =>
        ["profile", "--space", "tiny.json", "--device", "killed", "--seconds", "4", "--out", $"{work}.json"];

    public override string Log(string work) => At($"{work}.unfinished.jsonl");

    public override string FinishedLog(string work) => At($"{work}.samples.jsonl");

    public override bool IsFinished(string work) => File.Exists(FinishedLog(work));

    public override string? FaultOfKilled(string work) => FaultOf(work, Log(work));

    public override string? FaultOfFinished(string work, string output, string wholeOutput) => FaultOf(work, FinishedLog(work));

    // A line that was being written does not count.
    private string? FaultOf(string work, string log)
    {
        var text = File.Exists(log) ? File.ReadAllText(log) : "";
        var passes = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var known = _known.GetValueOrDefault(work, []);
        _known[work] = passes;
        return passes.Take(known.Length).SequenceEqual(known) ? null : $"passes are lost of {known.Length}";
    }
}
