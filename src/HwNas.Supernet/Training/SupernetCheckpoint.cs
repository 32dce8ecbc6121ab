using System.Globalization;
using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Spaces;
using HwNas.Supernet.Elastic;

namespace HwNas.Supernet.Training;

/// <summary>
/// A supernet on disk (<c>supernet.safetensors</c>): weights, optimizer state, the number of steps done, and the
/// space and options that it was trained with. One file, so that a kill between two files cannot tear it.
/// </summary>
public sealed class SupernetCheckpoint
{
    private const string Schema = "hwnas/supernet/1";
    private const string Momentum = "momentum.";
    private readonly IReadOnlyDictionary<string, StoredTensor> _tensors;

    private SupernetCheckpoint(
        string path, ISearchSpace space, TrainingOptions options, int step, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        Path = path;
        Space = space;
        Options = options;
        Step = step;
        _tensors = tensors;
        Hash = ContentHash.OfFile(path);
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>Hash of the file.</summary>
    public string Hash { get; }

    /// <summary>The search space.</summary>
    public ISearchSpace Space { get; }

    /// <summary>The options of the training.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Steps done.</summary>
    public int Step { get; }

    /// <summary>Whether the training is finished.</summary>
    public bool IsComplete => Step == Options.Steps;

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ofSpace">The space that it must be of; null takes it from the file, where it is
    /// of no class of your own.</param>
    /// <exception cref="InputException">The file is missing, damaged, or of another schema.</exception>
    public static SupernetCheckpoint Read(string path, ISearchSpace? ofSpace = null)
    {
        var (texts, tensors) = SafeTensorsFile.Read(path);
        if (texts.GetValueOrDefault("schema") != Schema)
        {
            throw new InputException(
                $"'{path}' has schema '{texts.GetValueOrDefault("schema") ?? "(none)"}', not '{Schema}': "
                + "another version of hwnas wrote it.");
        }

        var space = SpaceOf(Text("space"), ofSpace, path);
        var options = StrictJson.Deserialize<TrainingOptions>(StrictJson.ParseObject(Text("options"), path), path);
        options.Validate();
        if (!int.TryParse(Text("step"), CultureInfo.InvariantCulture, out var step) || step < 0 || step > options.Steps)
            throw new InputException($"'{path}' claims step '{Text("step")}' of {options.Steps}.");
        return new SupernetCheckpoint(path, space, options, step, tensors);

        string Text(string key) => texts.GetValueOrDefault(key) ?? throw new InputException($"'{path}' lacks '{key}'.");
    }

    /// <summary>The supernet with the stored weights.</summary>
    /// <exception cref="InputException">The weights are not those of the space.</exception>
    public ElasticSupernet CreateSupernet()
    {
        var supernet = new ElasticSupernet(Space, Options.Seed);
        try
        {
            Fill(supernet);
            return supernet;
        }
        catch
        {
            supernet.Dispose();
            throw;
        }
    }

    private void Fill(ElasticSupernet supernet)
    {
        foreach (var (name, parameter) in supernet.Parameters)
        {
            if (!_tensors.TryGetValue(name, out var stored)
                || stored.Type != "F32"
                || !stored.Shape.AsSpan().SequenceEqual(parameter.shape))
            {
                throw new InputException(
                    $"'{Path}' lacks the weight '{name}' of shape [{string.Join(',', parameter.shape)}], which its space needs.");
            }

            stored.Bytes.CopyTo(parameter.bytes);
        }

        if (supernet.FirstNotFinite() is { } wrong)
        {
            throw new InputException(
                $"'{Path}': the weight '{wrong}' holds values that are no numbers (NaN or infinity): its training diverged. "
                + "Train anew with 'hwnas train', into another folder (--out) and with a smaller --learning-rate.");
        }
    }

    private static ISearchSpace SpaceOf(string json, ISearchSpace? wanted, string path)
    {
        if (wanted?.ToJson() == json)
            return wanted;
        var stored = SearchSpace.Parse(json, path);
        return wanted is null || wanted.Hash == stored.Hash
            ? stored
            : throw new InputException(
                $"'{path}' is of the space {SearchSpace.Title(stored.Name, stored.Hash)}, not of "
                + $"{SearchSpace.Title(wanted.Name, wanted.Hash)}. Give its own space, or choose another folder.");
    }

    internal static void Write(
        string path, ElasticSupernet supernet, TrainingOptions options, int step, SandwichStep sandwich, string toolVersion)
    {
        var texts = new Dictionary<string, string>
        {
            ["schema"] = Schema,
            ["tool_version"] = toolVersion,
            ["space"] = supernet.Space.ToJson(),
            ["options"] = JsonSerializer.Serialize(options, StrictJson.LineOptions),
            ["step"] = step.ToString(CultureInfo.InvariantCulture),
        };
        var tensors = supernet.Parameters
            .Select(p => KeyValuePair.Create(p.Key, new StoredTensor("F32", [.. p.Value.shape], p.Value.bytes.ToArray())))
            .ToList();
        tensors.AddRange(sandwich.Optimizer.Velocities.Select(v =>
            KeyValuePair.Create(Momentum + v.Key, new StoredTensor("F32", [.. v.Value.shape], v.Value.bytes.ToArray()))));
        SafeTensorsFile.Write(path, texts, tensors);
    }

    internal void RestoreOptimizer(SandwichStep sandwich)
    {
        if (Step > 0 && !_tensors.Keys.Any(name => name.StartsWith(Momentum, StringComparison.Ordinal)))
        {
            throw new InputException(
                $"'{Path}' holds no momentum, or that of an older hwnas: training cannot continue from it, all else can. "
                + "Train anew in another folder (--out).");
        }

        foreach (var (name, stored) in _tensors.Where(tensor => tensor.Key.StartsWith(Momentum, StringComparison.Ordinal)))
            sandwich.Optimizer.Restore(name[Momentum.Length..], stored, Path);
    }
}
