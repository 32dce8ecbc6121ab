using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HwNas.Core.Files;

namespace HwNas.Core.Spaces.Cells;

/// <summary>
/// Text ids of networks of cells: the names of the operations, edge by edge (node by node, of each node by source), with the
/// resolution before them where it is a gene, such as <c>r28-nor_conv_3x3-none-skip_connect</c>. Also read are
/// <c>{"id":"…"}</c>, a JSON string, and NAS-Bench-201's form, <c>|nor_conv_3x3~0|+|none~0|skip_connect~1|</c>.
/// </summary>
internal static class CellIds
{
    public static string Format(CellSpace space, Genome genome) =>
        string.Join('-', space.Genomes.Genes.Select((gene, i) => NamesOf(gene)[genome[i]]));

    /// <exception cref="InputException">The text is no network of the space.</exception>
    public static Genome Parse(CellSpace space, string text, string origin)
    {
        ArgumentNullException.ThrowIfNull(text);
        var place = origin.Length > 0 ? $"{origin}: " : "";
        text = Unwrapped(space, text.Trim(), origin, place);
        var genes = space.Genomes.Genes;
        var parts = text.Contains('|', StringComparison.Ordinal) ? Published(space, text, place) : text.Split('-');
        if (parts.Length != genes.Length)
        {
            throw new InputException(
                $"{place}'{Shown(text)}' names {parts.Length} choices, and the space '{space.Name}' has {genes.Length}: "
                + $"{string.Join(", ", genes.Select(gene => gene.Name))}.");
        }

        var choices = new byte[parts.Length];
        foreach (var (i, gene) in genes.Index())
        {
            var names = NamesOf(gene);
            var choice = names.IndexOf(parts[i]);
            choices[i] = choice >= 0
                ? (byte)choice
                : throw new InputException(
                    $"{place}'{Shown(parts[i])}' is no choice of {gene.Name} in the space '{space.Name}'; "
                    + $"they are {string.Join(", ", names)}.");
        }

        return space.Genomes.Create(choices);
    }

    private static ImmutableArray<string> NamesOf(Gene gene) =>
        gene.Kind == GeneKind.Resolution ? [.. gene.Choices.Select(side => $"r{side}")] : gene.Labels;

    private static string Unwrapped(CellSpace space, string text, string origin, string place)
    {
        if (!text.StartsWith('{') && !text.StartsWith('"'))
            return text;
        var json = StrictJson.ParseObject(
            text.StartsWith('"') ? $$"""{"id":{{text}}}""" : text, origin.Length > 0 ? origin : "the network");
        return json is { Count: 1 } && json["id"] is JsonValue value && value.TryGetValue<string>(out var id)
            ? id
            : throw new InputException($"{place}a network of '{space.Name}' is an id, or {{\"id\": \"…\"}}.");
    }

    private static string[] Published(CellSpace space, string text, string place)
    {
        var parts = new List<string>();
        foreach (var (node, group) in text.Trim('|').Split("|+|").Index())
        {
            var edges = group.Split('|');
            foreach (var (source, edge) in edges.Index())
            {
                if (edge.Split('~') is not [var operation, var from]
                    || from != $"{source}"
                    || edges.Length != node + space.Definition.CellInputs)
                {
                    throw new InputException(
                        $"{place}'{Shown(text)}' is no cell of the space '{space.Name}': "
                        + "it looks like |nor_conv_3x3~0|+|none~0|skip_connect~1|, with an operation for each earlier node.");
                }

                parts.Add(operation);
            }
        }

        return [.. parts];
    }

    private static string Shown(string text) => text.Length > 200 ? text[..200] + "…" : text;
}
