using System.Text.Json;
using HwNas.Core.Files;
using HwNas.Core.Spaces.Cells;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Core.Spaces;

/// <summary>Opens search spaces: built in by name, or from JSON of any kind that HwNas reads.</summary>
public static class SearchSpace
{
    /// <summary>No id is longer: 32 stages of 64 blocks, each with its own kernel and expansion, stay below this.</summary>
    public const int MaxIdLength = 16_384;

    /// <summary>Reads a built-in space by name, or a space from a JSON file by path.</summary>
    /// <exception cref="InputException">There is no such space or file, or the file has problems.</exception>
    public static ISearchSpace Load(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (BuiltInSpaces.TryReadText(nameOrPath) is { } json)
            return Parse(json, nameOrPath);
        if (!nameOrPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !File.Exists(nameOrPath))
        {
            throw new InputException(
                $"There is no search space '{nameOrPath}'. Built in: {string.Join(", ", BuiltInSpaces.Names)}; "
                + "or give the path of a .json file.");
        }

        return Parse(StrictJson.ReadText(nameOrPath), nameOrPath);
    }

    /// <summary>Reads the JSON text of a space.</summary>
    /// <param name="json">The text.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">The text has problems, be it keys, types or values; the
    /// message lists all of them.</exception>
    public static ISearchSpace Parse(string json, string origin) => SchemaOf(json) switch
    {
        CellSpace.Schema => CellSpace.Read(json, origin),
        SubnetSpace.Schema => SubnetSpace.Read(json, origin),
        _ => MbConvSpace.Read(json, origin),
    };

    /// <summary>What messages call a space where another may have its name: the name, and what tells it apart.</summary>
    public static string Title(string name, string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return $"'{name}' (hash {hash[..Math.Min(8, hash.Length)]})";
    }

    /// <summary>
    /// Whether a text could be the id of a network: letters, digits, '-', '.' and '_', safe in shells and file names.
    /// </summary>
    internal static bool IsIdText(string? text) =>
        text is { Length: > 0 and <= MaxIdLength } && text.All(PlainName.IsPlain);

    internal static InputException Invalid(string origin, IReadOnlyList<string> problems) =>
        new($"'{origin}' is no valid search space:\n  {string.Join("\n  ", problems.Select(VisibleText.OneLine))}");

    // Null where there is none: whoever reads the text says what is wrong with it.
    private static string? SchemaOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("schema", out var schema)
                && schema.ValueKind == JsonValueKind.String
                ? schema.GetString()
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
