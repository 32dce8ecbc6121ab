using HwNas.Core.Files;

namespace HwNas.Core.SearchSpaces;

/// <summary>A validated search space: its table, its genes, and the way between genomes and architectures.</summary>
public sealed class SearchSpace
{
    /// <summary>The schema of search-space files.</summary>
    public const string Schema = "hwnas/search-space/1";

    private readonly GeneMap _map;

    private SearchSpace(SearchSpaceDefinition definition)
    {
        Definition = definition;
        _map = new GeneMap(definition);
        Hash = ContentHash.OfCanonicalJson(StrictJson.ParseObject(StrictJson.Serialize(definition), definition.Name));
    }

    /// <summary>The table.</summary>
    public SearchSpaceDefinition Definition { get; }

    /// <summary>The name by which users ask for it.</summary>
    public string Name => Definition.Name;

    /// <summary>Hash of the canonical table; files that depend on the space carry it.</summary>
    public string Hash { get; }

    /// <summary>The genes: everything that has at least two choices.</summary>
    public GenomeSpace Genomes => _map.Genomes;

    /// <summary>The architecture with the last choice of every gene.</summary>
    public Architecture Largest => Decode(Genomes.Create([.. Genomes.Genes.Select(g => (byte)(g.Choices.Length - 1))]));

    /// <summary>The architecture with the first choice of every gene.</summary>
    public Architecture Smallest => Decode(Genomes.Create(new byte[Genomes.Genes.Length]));

    /// <summary>Validates a table.</summary>
    /// <param name="definition">The table.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">The table has problems; the message lists all of them.</exception>
    public static SearchSpace Create(SearchSpaceDefinition definition, string origin)
    {
        var problems = SearchSpaceValidator.Validate(definition);
        return problems.Count == 0 ? new SearchSpace(definition) : throw Invalid(origin, problems);
    }

    /// <summary>Reads the JSON text of a table.</summary>
    /// <param name="json">The text.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">The text has problems, be it keys, types or values; the message lists all of them.</exception>
    public static SearchSpace Parse(string json, string origin) => new(SearchSpaceReader.Read(json, origin));

    /// <summary>Reads a built-in space by name, or a space from a JSON file by path.</summary>
    /// <exception cref="InputException">There is no such space or file, or the file has problems.</exception>
    public static SearchSpace Load(string nameOrPath)
    {
        if (BuiltInSpaces.TryReadText(nameOrPath) is { } json)
            return Parse(json, nameOrPath);
        if (!nameOrPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !File.Exists(nameOrPath))
            throw new InputException($"There is no search space '{nameOrPath}'. Built in: {string.Join(", ", BuiltInSpaces.Names)}; or give the path of a .json file.");
        return Parse(StrictJson.ReadText(nameOrPath), nameOrPath);
    }

    /// <summary>The architecture of a genome.</summary>
    public Architecture Decode(Genome genome) => _map.Decode(genome);

    /// <summary>The canonical genome of an architecture.</summary>
    /// <exception cref="InputException">The architecture is not in this space; the message lists every value that is not.</exception>
    public Genome Encode(Architecture architecture) => _map.Encode(architecture);

    internal static InputException Invalid(string origin, IReadOnlyList<string> problems) =>
        new($"'{origin}' is no valid search space:\n  {string.Join("\n  ", problems)}");
}
