using System.Collections.Immutable;
using System.Text.Json;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>Reads one JSON object as an architecture of a space and collects all of its problems.</summary>
internal sealed class ArchitectureReader(MbConvSpace space)
{
    private readonly MbConvDefinition _table = space.Definition;
    private readonly List<string> _problems = [];

    public Architecture Read(JsonElement json, string origin)
    {
        var keys = Keys(json);
        if (keys.TryGetValue("id", out var id))
        {
            if (keys.Count > 1)
                _problems.Add("id: give the id alone, or the other keys without it");
            if (id.ValueKind != JsonValueKind.String)
                _problems.Add("id: a string is needed");
            ThrowIfProblems(origin);
            return ArchitectureJson.FromId(space, id.GetString()!, origin);
        }

        var resolution = Resolution(keys);
        var (stem, widths, head) = Widths(keys);
        var depths = Depths(keys);
        var kernels = Blocks(keys, "kernels", stage => stage.Kernels, depths);
        var expansions = Blocks(keys, "expansions", stage => stage.Expansions, depths);
        ThrowIfProblems(origin);

        var stages = Enumerable.Range(0, _table.Stages.Length)
            .Select(stage => new StageArchitecture(widths[stage], kernels[stage], expansions[stage]));
        return new Architecture(resolution, stem, [.. stages], head);
    }

    private void ThrowIfProblems(string origin)
    {
        if (_problems.Count > 0)
            throw new InputException($"{origin}: no architecture of the space '{_table.Name}': {string.Join("; ", _problems)}.");
    }

    private Dictionary<string, JsonElement> Keys(JsonElement json)
    {
        var keys = new Dictionary<string, JsonElement>();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name is not ("id" or "resolution" or "widths" or "depths" or "kernels" or "expansions"))
            {
                _problems.Add(
                    $"unknown key '{property.Name}'; the keys are resolution, widths, depths, kernels, expansions, or id");
            }
            else if (!keys.TryAdd(property.Name, property.Value))
            {
                _problems.Add($"the key '{property.Name}' is given twice");
            }
        }

        return keys;
    }

    private int Resolution(Dictionary<string, JsonElement> keys)
    {
        if (keys.TryGetValue("resolution", out var json))
            return Value(json, "resolution", _table.Resolutions);
        if (_table.Resolutions.Length > 1)
            _problems.Add($"resolution is missing; it is one of {string.Join(", ", _table.Resolutions)}");
        return _table.Resolutions[0];
    }

    private (int Stem, int[] Stages, int Head) Widths(Dictionary<string, JsonElement> keys)
    {
        var stages = _table.Stages.Select(stage => stage.Widths[0]).ToArray();
        var (stem, head) = (_table.Stem.Widths[0], _table.Head.Widths[0]);
        if (Entries(keys, "widths", ends: 2, isFixed: !_table.HasElasticWidths) is { } entries)
        {
            stem = Value(entries.Values[0], "widths[0]", _table.Stem.Widths);
            head = Value(entries.Values[^1], $"widths[{entries.Values.Count - 1}]", _table.Head.Widths);
            foreach (var (index, stage) in entries.Stages.Index())
                stages[stage] = Value(entries.Values[index + 1], $"widths[{index + 1}]", _table.Stages[stage].Widths);
        }

        return (stem, stages, head);
    }

    // A depth with a problem is 0: its stage's kernels and expansions are then not checked for their number.
    private int[] Depths(Dictionary<string, JsonElement> keys)
    {
        var depths = _table.Stages.Select(stage => stage.Depths[0]).ToArray();
        if (Entries(keys, "depths", ends: 0, isFixed: _table.Stages.All(stage => stage.Depths.Length == 1)) is { } entries)
        {
            foreach (var (index, stage) in entries.Stages.Index())
                depths[stage] = Value(entries.Values[index], $"depths[{index}]", _table.Stages[stage].Depths);
        }

        return depths;
    }

    private ImmutableArray<int>[] Blocks(
        Dictionary<string, JsonElement> keys, string key, Func<StageDefinition, ImmutableArray<int>> choicesOf, int[] depths)
    {
        var blocks = _table.Stages.Select((stage, index) => Repeat(choicesOf(stage)[0], depths[index])).ToArray();
        if (Entries(keys, key, ends: 0, isFixed: _table.Stages.All(stage => choicesOf(stage).Length == 1)) is { } entries)
        {
            foreach (var (index, stage) in entries.Stages.Index())
            {
                var json = entries.Values[index];
                blocks[stage] = json.ValueKind == JsonValueKind.Array
                    ? StageBlocks(json, $"{key}[{index}]", choicesOf(_table.Stages[stage]), depths[stage], _table.Stages[stage])
                    : Repeat(Value(json, $"{key}[{index}]", choicesOf(_table.Stages[stage])), depths[stage]);
            }
        }

        return blocks;
    }

    // One entry for each active block, or for each block that the stage can have; the inactive rest is ignored.
    private ImmutableArray<int> StageBlocks(
        JsonElement json, string place, ImmutableArray<int> choices, int depth, StageDefinition stage)
    {
        var (given, most) = (json.GetArrayLength(), stage.Depths[^1]);
        if (depth == 0)
            return [];
        if (given != depth && given != most)
        {
            _problems.Add(
                $"{place}: {given} entries; one for each of the {depth} blocks is "
                + $"needed{(most > depth ? $", or {most} of which the last {most - depth} are ignored" : "")}");
            return [];
        }

        var values = json.EnumerateArray()
            .Take(depth)
            .Select((entry, block) => Value(entry, $"{place}[{block}]", choices)).ToImmutableArray();
        if (json.EnumerateArray().Skip(depth).Any(entry => entry.ValueKind != JsonValueKind.Number))
            _problems.Add($"{place}: the entries of inactive blocks must be numbers, too");
        if (_table.Genes == GeneScope.PerStage && values.Any(v => v != values[0]))
            _problems.Add($"{place}: the space '{_table.Name}' chooses once for a stage, so all blocks of it must agree");
        return values;
    }

    /// <summary>The entries of a list, with the stage that each is for; null where it is left out or of a wrong length.</summary>
    private StageEntries? Entries(Dictionary<string, JsonElement> keys, string key, int ends, bool isFixed)
    {
        if (!keys.TryGetValue(key, out var json))
        {
            if (!isFixed)
                _problems.Add($"{key} is missing");
            return null;
        }

        if (json.ValueKind != JsonValueKind.Array)
        {
            _problems.Add($"{key}: an array is needed");
            return null;
        }

        var all = Enumerable.Range(0, _table.Stages.Length).ToArray();
        var elastic = all.Where(stage => _table.Stages[stage].IsElastic).ToArray();
        var given = json.GetArrayLength() - ends;
        var stages = given == all.Length ? all : given == elastic.Length ? elastic : null;
        if (stages is not null)
            return new StageEntries([.. json.EnumerateArray()], stages);

        var what = ends > 0 ? "the stem, each stage and the head" : "each stage";
        var fewer = elastic.Length < all.Length ? $", or {elastic.Length + ends} without the stages that are fixed" : "";
        _problems.Add($"{key}: {given + ends} entries; one for {what} is needed, {all.Length + ends} in all{fewer}");
        return null;
    }

    private int Value(JsonElement json, string place, ImmutableArray<int> choices)
    {
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var value) && choices.Contains(value))
            return value;
        var seen = json.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? json.GetRawText()
            : $"a JSON {json.ValueKind}";
        _problems.Add($"{place}: {seen[..Math.Min(seen.Length, 40)]} is not one of {string.Join(", ", choices)}");
        return 0;
    }

    private static ImmutableArray<int> Repeat(int value, int count) => [.. Enumerable.Repeat(value, count)];

    private sealed record StageEntries(IReadOnlyList<JsonElement> Values, int[] Stages);
}
