using System.Collections.Concurrent;
using System.Collections.Immutable;
using HwNas.Core.Files;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>
/// A space of inverted-bottleneck networks (BigNAS, AttentiveNAS, once-for-all), made of a table like the papers'.
/// </summary>
public sealed class MbConvSpace : ISearchSpace
{
    /// <summary>The schema of its files.</summary>
    public const string Schema = "hwnas/search-space/1";

    private readonly GeneMap _map;

    // The bottlenecks of networks that were asked for: the same few come in all of them.
    private readonly ConcurrentDictionary<Place, Block> _blocks = [];

    internal MbConvSpace(MbConvDefinition definition)
    {
        Definition = definition;
        _map = new GeneMap(definition);
        Hash = ContentHash.OfCanonicalJson(StrictJson.ParseObject(StrictJson.Serialize(definition), definition.Name));
    }

    /// <summary>The table.</summary>
    public MbConvDefinition Definition { get; }

    /// <inheritdoc/>
    public string Name => Definition.Name;

    /// <inheritdoc/>
    public string Hash { get; }

    /// <inheritdoc/>
    public string Source => Definition.Source;

    /// <inheritdoc/>
    public int InputChannels => Definition.InputChannels;

    /// <inheritdoc/>
    public int Classes => Definition.Classes;

    /// <inheritdoc/>
    public ImmutableArray<int> Resolutions => Definition.Resolutions;

    /// <inheritdoc/>
    public GenomeSpace Genomes => _map.Genomes;

    /// <summary>The first choice of every gene.</summary>
    public Genome Smallest => Genomes.Create(new byte[Genomes.Genes.Length]);

    /// <summary>The last choice of every gene.</summary>
    public Genome Largest => Genomes.Create([.. Genomes.Genes.Select(g => (byte)(g.Choices.Length - 1))]);

    /// <inheritdoc/>
    public ImmutableArray<CostTerm> CostTerms => new MbConvCostTerms(this).Terms;

    /// <summary>Reads a built-in space by name, or a space from a JSON file by path.</summary>
    /// <exception cref="InputException">There is no such space or file, it has problems, or is of another kind.</exception>
    public static MbConvSpace Load(string nameOrPath) => SearchSpace.Load(nameOrPath) as MbConvSpace
        ?? throw new InputException(
            $"'{nameOrPath}' is no space of inverted bottlenecks, which alone can be used here. Choose another --space.");

    /// <summary>Validates a table.</summary>
    /// <param name="definition">The table.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">The table has problems; the message lists all of them.</exception>
    public static MbConvSpace Create(MbConvDefinition definition, string origin)
    {
        var problems = MbConvValidator.Validate(definition);
        return problems.Count == 0 ? new MbConvSpace(definition) : throw SearchSpace.Invalid(origin, problems);
    }

    /// <summary>Reads the JSON text of a table.</summary>
    /// <param name="json">The text.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">The text has problems, be it keys, types or values; the
    /// message lists all of them.</exception>
    public static MbConvSpace Read(string json, string origin) => new(MbConvReader.Read(json, origin));

    /// <summary>The networks of some of the resolutions, with the same ids.</summary>
    public MbConvSpace At(IEnumerable<int> resolutions) => new(Definition with { Resolutions = [.. resolutions] });

    /// <inheritdoc/>
    public IEnumerable<Block> BlocksAt(int resolution) => MbConvBlocks.UnionAt(Definition, resolution);

    /// <inheritdoc/>
    public NetworkPlan PlanOf(Genome genome) => Chain(Decode(genome), place => _blocks.GetOrAdd(place, Make));

    /// <summary>The network of an architecture, which need not be made of the space's choices, only have its stages.</summary>
    public NetworkPlan PlanOf(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return architecture.Stages.Length == Definition.Stages.Length
            ? Chain(architecture, Make)
            : throw new ArgumentException(
                $"{architecture.Id} has {architecture.Stages.Length} stages, the space '{Name}' {Definition.Stages.Length}.",
                nameof(architecture));
    }

    /// <inheritdoc/>
    public string IdOf(Genome genome) => Decode(genome).Id;

    /// <inheritdoc/>
    public Genome Parse(string text, string origin = "") => Encode(ArchitectureJson.Parse(this, text, origin));

    /// <inheritdoc/>
    public string ToJson(Genome genome) => ArchitectureJson.Format(this, Decode(genome));

    /// <inheritdoc/>
    public string ToJson() => StrictJson.Serialize(Definition);

    /// <summary>The architecture of a genome.</summary>
    public Architecture Decode(Genome genome) => _map.Decode(genome);

    /// <summary>The canonical genome of an architecture.</summary>
    /// <exception cref="InputException">The architecture is not in this space; the message lists
    /// every value that is not.</exception>
    public Genome Encode(Architecture architecture) => _map.Encode(architecture);

    private NetworkPlan Chain(Architecture architecture, Func<Place, Block> make)
    {
        var blocks = new List<Block> { MbConvBlocks.Stem(Definition, architecture.Resolution, architecture.StemWidth) };
        foreach (var (index, stage) in architecture.Stages.Index())
        {
            for (var block = 0; block < stage.Depth; block++)
            {
                blocks.Add(make(
                    new Place(index, block, blocks[^1].Output, stage.Width, stage.Kernels[block], stage.Expansions[block])));
            }
        }

        blocks.Add(MbConvBlocks.Head(Definition, blocks[^1].Output, architecture.HeadWidth));
        return NetworkPlan.Chain(architecture.Id, blocks);
    }

    private Block Make(Place place) => MbConvBlocks.Block(
        Definition, place.Stage, place.Index, place.Input, place.Width, place.Kernel, place.Expansion);

    private readonly record struct Place(int Stage, int Index, FeatureShape Input, int Width, int Kernel, int Expansion);
}
