using System.Globalization;
using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Spaces;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using HwNas.Supernet.Training.Recipes;
using static TorchSharp.torch;

namespace HwNas.Supernet.Training;

/// <summary>
/// A supernet on disk (<c>supernet.safetensors</c>): weights, optimizer state, the number of steps done, and the
/// space and options that it was trained with. One file, so that a kill between two files cannot tear it.
/// </summary>
public sealed class SupernetCheckpoint
{
    private const string Schema = "hwnas/supernet/2", OlderSchema = "hwnas/supernet/1";
    private const string Average = "average";
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
        if (texts.GetValueOrDefault("schema") is not (Schema or OlderSchema))
        {
            throw new InputException(
                $"'{path}' has schema '{texts.GetValueOrDefault("schema") ?? "(none)"}', not '{Schema}': "
                + "another version of hwnas wrote it.");
        }

        var space = SpaceOf(Text("space"), ofSpace, path);
        var text = StrictJson.ParseObject(Text("options"), path);
        TrainingOptions.Upgrade(text);
        var options = StrictJson.Deserialize<TrainingOptions>(text, path);
        options.Validate();
        if (!int.TryParse(Text("step"), CultureInfo.InvariantCulture, out var step) || step < 0 || step > options.Steps)
            throw new InputException($"'{path}' claims step '{Text("step")}' of {options.Steps}.");
        return new SupernetCheckpoint(path, space, options, step, tensors);

        string Text(string key) => texts.GetValueOrDefault(key) ?? throw new InputException($"'{path}' lacks '{key}'.");
    }

    /// <summary>The supernet as it is evaluated and exported: with the averaged weights where its recipe asks for them.</summary>
    /// <param name="device">Where it shall lie; null for the CPU.</param>
    /// <exception cref="InputException">The weights are not those of the space.</exception>
    public ElasticSupernet CreateSupernet(TorchDevice? device = null) =>
        CreateSupernet(averaged: Options.Recipe.AverageDecay > 0, device);

    /// <summary>The supernet as its training continues.</summary>
    /// <param name="device">Where it shall lie; null for the CPU.</param>
    public ElasticSupernet CreateTrained(TorchDevice? device = null) => CreateSupernet(averaged: false, device);

    private ElasticSupernet CreateSupernet(bool averaged, TorchDevice? device)
    {
        var supernet = new ElasticSupernet(Space, Options.Seed, device: device);
        try
        {
            Fill(supernet, averaged ? $"{Average}." : "");
            return supernet;
        }
        catch
        {
            supernet.Dispose();
            throw;
        }
    }

    private void Fill(ElasticSupernet supernet, string prefix)
    {
        foreach (var (name, parameter) in supernet.Parameters)
            Fill(parameter, prefix + name, "which its space needs");

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
        string path, ElasticSupernet supernet, TrainingOptions options, int step, SandwichStep sandwich, WeightAverage? average,
        string toolVersion)
    {
        var texts = new Dictionary<string, string>
        {
            ["schema"] = Schema,
            ["tool_version"] = toolVersion,
            ["space"] = supernet.Space.ToJson(),
            ["options"] = JsonSerializer.Serialize(options, StrictJson.LineOptions),
            ["step"] = step.ToString(CultureInfo.InvariantCulture),
        };
        var names = supernet.Parameters.Keys.ToList();
        var tensors = Stored("", [.. supernet.Parameters.Values]).ToList();
        foreach (var (state, values) in sandwich.Optimizer.States)
            tensors.AddRange(Stored($"{state}.", values.Parts));
        if (average is not null)
            tensors.AddRange(Stored($"{Average}.", average.Values.Parts));
        SafeTensorsFile.Write(path, texts, tensors);

        IEnumerable<KeyValuePair<string, StoredTensor>> Stored(string prefix, IReadOnlyList<Tensor> values) => names.Zip(
            values,
            (name, value) => KeyValuePair.Create(prefix + name, new StoredTensor("F32", [.. value.shape], BytesOf(value))));
    }

    private static byte[] BytesOf(Tensor value)
    {
        using var here = value.cpu();
        return here.bytes.ToArray();
    }

    /// <summary>Takes on what the optimizer and the average remember.</summary>
    /// <exception cref="InputException">The file has no such state, or one that does not fit.</exception>
    internal void Restore(ElasticSupernet supernet, SandwichStep sandwich, WeightAverage? average)
    {
        if (Step == 0)
            return;
        foreach (var (state, values) in sandwich.Optimizer.States)
            Restore($"{state}.", values.Parts);
        if (average is not null)
            Restore($"{Average}.", average.Values.Parts);

        void Restore(string prefix, IReadOnlyList<Tensor> values)
        {
            foreach (var (name, value) in supernet.Parameters.Keys.Zip(values))
                Fill(value, prefix + name, "without which its training cannot continue, though all else can");
        }
    }

    private void Fill(Tensor values, string name, string why)
    {
        if (!_tensors.TryGetValue(name, out var stored)
            || stored.Type != "F32"
            || !stored.Shape.AsSpan().SequenceEqual(values.shape))
        {
            throw new InputException($"'{Path}' lacks '{name}' of shape [{string.Join(',', values.shape)}], {why}.");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var read = empty(values.shape);
        stored.Bytes.CopyTo(read.bytes);
        values.copy_(read);
    }
}
