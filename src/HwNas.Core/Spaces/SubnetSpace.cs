using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HwNas.Core.Files;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces;

/// <summary>One network of a space as a space of its own, without genes: what is trained alone, or tuned further.</summary>
public sealed class SubnetSpace : ISearchSpace
{
    /// <summary>The schema of its files.</summary>
    public const string Schema = "hwnas/subnet-space/1";

    private const string SpaceKey = "space", SubnetKey = "subnet";

    private readonly Genome _genome;
    private readonly NetworkPlan _plan;

    /// <summary>Cuts a network out of a space.</summary>
    /// <param name="space">A space that a file can hold.</param>
    /// <param name="genome">The network.</param>
    public SubnetSpace(ISearchSpace space, Genome genome)
    {
        ArgumentNullException.ThrowIfNull(space);
        (Whole, _genome) = (space, genome);
        _plan = space.PlanOf(genome);
        Hash = ContentHash.OfCanonicalJson(Document());
    }

    /// <summary>The space that it is cut out of.</summary>
    public ISearchSpace Whole { get; }

    /// <summary>The network.</summary>
    public NetworkPlan Plan => _plan;

    /// <inheritdoc/>
    public string Name => $"{Whole.Name}-subnet";

    /// <inheritdoc/>
    public string Hash { get; }

    /// <inheritdoc/>
    public string Source => $"{_plan.Id} of {Whole.Name}: {Whole.Source}";

    /// <inheritdoc/>
    public int InputChannels => Whole.InputChannels;

    /// <inheritdoc/>
    public int Classes => Whole.Classes;

    /// <inheritdoc/>
    public ImmutableArray<int> Resolutions => [_plan.Input.Height];

    /// <inheritdoc/>
    public GenomeSpace Genomes { get; } = new([]);

    /// <inheritdoc/>
    public Genome Smallest => Genomes.Create([]);

    /// <inheritdoc/>
    public Genome Largest => Smallest;

    /// <inheritdoc/>
    public ImmutableArray<CostTerm> CostTerms =>
        [new CostTerm([], _ => new NetworkPart(_plan.Blocks, PeakMemory.BytesOf(_plan)))];

    /// <summary>Reads the JSON text of such a space.</summary>
    /// <exception cref="InputException">The text has problems.</exception>
    public static SubnetSpace Read(string json, string origin)
    {
        var document = StrictJson.ParseObject(json, origin);
        var unknown = document.Select(entry => entry.Key).FirstOrDefault(key => key is not ("schema" or SpaceKey or SubnetKey));
        if (unknown is not null)
            throw new InputException($"'{origin}' has an unknown key '{VisibleText.OneLine(unknown)}'.");
        if (document[SpaceKey] is not JsonObject whole || whole["schema"]?.ToString() == Schema
            || document[SubnetKey] is not JsonValue subnet || !subnet.TryGetValue<string>(out var id))
        {
            throw new InputException(
                $"'{origin}' needs \"{SpaceKey}\", a search space, and \"{SubnetKey}\", the id of its network.");
        }

        var space = SearchSpace.Parse(whole.ToJsonString(), origin);
        return new SubnetSpace(space, space.Parse(id, origin));
    }

    /// <inheritdoc/>
    public IEnumerable<Block> BlocksAt(int resolution) => resolution == _plan.Input.Height ? _plan.Blocks : [];

    /// <inheritdoc/>
    public NetworkPlan PlanOf(Genome genome) => _plan;

    /// <inheritdoc/>
    public string IdOf(Genome genome) => _plan.Id;

    /// <inheritdoc/>
    public Genome Parse(string text, string origin = "") =>
        Whole.Parse(text, origin).Equals(_genome)
            ? Smallest
            : throw new InputException(
                $"{(origin.Length > 0 ? $"{origin}: " : "")}'{VisibleText.OneLine(text)}' is another network than the only one "
                + $"of this space, {_plan.Id}.");

    /// <inheritdoc/>
    public string ToJson(Genome genome) => Whole.ToJson(_genome);

    /// <inheritdoc/>
    public string ToJson() => Document().ToJsonString(StrictJson.Options);

    private JsonObject Document() => new()
    {
        ["schema"] = Schema,
        [SpaceKey] = StrictJson.ParseObject(Whole.ToJson(), Whole.Name),
        [SubnetKey] = _plan.Id,
    };
}
