using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HwNas.Core.Files;
using HwNas.Core.Spaces;

namespace HwNas.Core.Devices.Measurement;

/// <summary>
/// The configuration in which a device is asked to run models; with a runtime's name and version
/// it is a <see cref="RuntimeKey"/>.
/// </summary>
/// <param name="Provider">What executes the nodes: <c>cpu</c>, <c>xnnpack</c>, <c>cuda</c>, <c>tensorrt</c>;
/// in browsers <c>wasm</c>.</param>
/// <param name="GraphLevel">Graph optimisation level.</param>
/// <param name="IntraOpThreads">Threads that share the work of one node.</param>
/// <param name="Precision">Number format of the models.</param>
/// <param name="Batch">Images in one run.</param>
public sealed record RuntimeRequest(
    string Provider = "cpu",
    GraphLevel GraphLevel = GraphLevel.All,
    int IntraOpThreads = 1,
    ModelPrecision Precision = ModelPrecision.Fp32,
    int Batch = 1)
{
    /// <summary>The key of this configuration on a runtime.</summary>
    public RuntimeKey ToKey(string name, string version) => new()
    {
        Name = name,
        Version = version,
        Provider = Provider,
        GraphLevel = GraphLevel,
        IntraOpThreads = IntraOpThreads,
        Precision = Precision,
        Batch = Batch,
    };
}

/// <summary>A model of a job.</summary>
/// <param name="Name">Latency key of its layer, or canonical text of its architecture.</param>
/// <param name="Sha256">Hash of the bytes of its ONNX file.</param>
/// <param name="Bytes">Size of that file.</param>
public sealed record JobModel(string Name, string Sha256, long Bytes);

/// <summary>
/// What a device is asked to measure: the same file for this machine, an agent, a kit and a browser. It names its
/// models by hash; their bytes travel beside it. The models stand in the rotation's order: the one that does nothing,
/// the layers, the networks.
/// </summary>
public sealed record MeasurementJob
{
    /// <summary>The schema of job files.</summary>
    public const string CurrentSchema = "hwnas/measurement-job/1";

    /// <summary>Name of the model that does nothing; always the first.</summary>
    public const string NullModel = "null";

    /// <summary>Models at most: each takes some 2 MB of the device's memory, and all are held at once.</summary>
    public const int MaxModels = 5000;

    /// <summary>Bytes of one model at most.</summary>
    public const long MaxModelBytes = 256L << 20;

    /// <summary>Bytes of its JSON at most: twice what the most models take.</summary>
    public const long MaxJsonBytes = 4L << 20;

    private const int MaxNameLength = 1024;

    /// <summary>Always <see cref="CurrentSchema"/>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The version of HwNas that wrote the job.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The table of the search space that is profiled; null when only whole models are measured.</summary>
    public required JsonObject? Space { get; init; }

    /// <summary>How to run the models.</summary>
    public required RuntimeRequest Runtime { get; init; }

    /// <summary>How long and how precisely to measure.</summary>
    public required MeasurementSettings Settings { get; init; }

    /// <summary>What the models are.</summary>
    public required RotationPlan Plan { get; init; }

    /// <summary>The models, in order.</summary>
    public required ImmutableArray<JobModel> Models { get; init; }

    /// <summary>Hash over the canonical form: the job's name wherever it travels. Set by <see cref="Sealed"/>.</summary>
    public string Hash { get; init; } = "";

    /// <summary>This job with its hash.</summary>
    /// <exception cref="InputException">A value is out of range.</exception>
    public MeasurementJob Sealed() => Parse(StrictJson.Serialize(this), "the job");

    /// <summary>Reads a job; <paramref name="origin"/> names it in errors.</summary>
    /// <exception cref="InputException">The text is no job, or a value is out of range; the message
    /// lists what and where.</exception>
    public static MeasurementJob Parse(string json, string origin)
    {
        var job = StrictJson.Parse<MeasurementJob>(json, CurrentSchema, origin);
        job.Check(origin);
        return job;
    }

    /// <summary>The search space of the job.</summary>
    /// <exception cref="InputException">The job profiles no space, or its table has problems.</exception>
    public ISearchSpace ReadSpace(string origin) => Space is null
        ? throw new InputException($"'{origin}' profiles no search space: it only measures models.")
        : SearchSpace.Parse(Space.ToJsonString(), origin);

    /// <exception cref="InputException">A value is out of range; the message lists what.</exception>
    internal void Check(string origin)
    {
        var problems = Settings.Problems().Select(problem => $"settings: {problem}").ToList();
        if (Hash.Length == 0)
            problems.Add("hash: there is none");
        if (Runtime is not { IntraOpThreads: >= 1 and <= 1024, Batch: >= 1 and <= 65_536, Provider.Length: >= 1 and <= 32 })
            problems.Add("runtime: threads, batch or provider are out of range");
        if (Plan.Layers.IsDefault || Plan.Nets.IsDefault || Models.IsDefault || Models.Length > MaxModels)
        {
            problems.Add($"models: there are none, or more than {MaxModels}");
        }
        else if (!Models.Select(model => model.Name).SequenceEqual(Plan.ModelNames))
        {
            problems.Add("models: they are not those of the plan: the null model, the layers, the networks");
        }
        else if (Models.Any(model => model.Name is not { Length: > 0 and <= MaxNameLength }
            || model.Bytes is < 1 or > MaxModelBytes
            || !IsHash(model.Sha256)))
        {
            problems.Add("models: a name, a hash or a size is out of range");
        }
        else if (Models.DistinctBy(model => model.Name).Count() != Models.Length)
        {
            problems.Add("models: a name is there twice");
        }

        if (problems.Count > 0)
        {
            throw new InputException(
                $"'{origin}' is no valid measurement job:\n  {string.Join("\n  ", problems)}\n"
                + "Make it anew with 'hwnas profile'.");
        }
    }

    private static bool IsHash(string text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}
