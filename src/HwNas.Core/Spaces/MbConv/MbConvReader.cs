using System.Collections.Immutable;
using System.Text.Json;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>
/// Reads the JSON of a search space and collects <em>all</em> of its problems: unknown, duplicate and missing keys,
/// wrong types, and then every rule of <see cref="MbConvValidator"/> on what could be read.
/// </summary>
internal sealed class MbConvReader
{
    private readonly List<string> _problems = [];

    // Places that could not be read: what the validator would say of their defaults would only repeat it.
    private readonly List<string> _unread = [];

    private MbConvReader()
    {
    }

    /// <exception cref="InputException">The text has problems; the message lists all of them.</exception>
    public static MbConvDefinition Read(string json, string origin)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            return new MbConvReader().Read(document.RootElement, origin);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with broken surrogates.
            throw new InputException($"'{origin}' is not valid JSON: {VisibleText.OneLine(error.Message)}", error);
        }
    }

    private MbConvDefinition Read(JsonElement root, string origin)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InputException($"'{origin}' holds no JSON object.");
        var found = root.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.String
            ? schema.GetString()
            : null;
        if (found != MbConvSpace.Schema)
        {
            throw new InputException(
                $"'{origin}' has schema '{VisibleText.OneLine(found ?? "(none)")}', but '{MbConvSpace.Schema}' is needed. "
                + "It is another kind of file, or was written by another version of hwnas.");
        }

        var space = Space(root);
        var broken = MbConvValidator.Validate(space)
            .Where(problem => !_unread.Exists(place => problem.StartsWith(place, StringComparison.Ordinal)));
        _problems.AddRange(broken);
        return _problems.Count == 0 ? space : throw SearchSpace.Invalid(origin, _problems);
    }

    private MbConvDefinition Space(JsonElement json)
    {
        var keys = Keys(
            json, "",
            "schema", "name", "source", "input_channels", "classes", "resolutions", "genes", "conventions", "stem", "stages",
            "head");
        return new MbConvDefinition(
            MbConvSpace.Schema, Text(keys, "name"), Text(keys, "source"), Int(keys, "input_channels"), Int(keys, "classes"),
            Ints(keys, "resolutions"), Choice<GeneScope>(keys, "genes"), Conventions(keys), Stem(keys), Stages(keys), Head(keys));
    }

    private Conventions Conventions(JsonKeys parent)
    {
        var keys = Child(
            parent, "conventions", "channel_divisor", "squeeze_source", "squeeze_divisor", "squeeze_activation", "gate",
            "shortcut");
        return new Conventions(
            Int(keys, "channel_divisor"), Choice<SqueezeSource>(keys, "squeeze_source"), Int(keys, "squeeze_divisor"),
            Choice<Activation>(keys, "squeeze_activation"),
            Choice<Activation>(keys, "gate"), Choice<ShortcutRule>(keys, "shortcut"));
    }

    private StemDefinition Stem(JsonKeys parent)
    {
        var keys = Child(parent, "stem", "widths", "kernel", "stride", "activation");
        return new StemDefinition(
            Ints(keys, "widths"), Int(keys, "kernel"), Int(keys, "stride"), Choice<Activation>(keys, "activation"));
    }

    private ImmutableArray<StageDefinition> Stages(JsonKeys parent)
    {
        if (!TryGet(parent, "stages", JsonValueKind.Array, "an array of stages", out var json))
            return [];
        return [.. json.EnumerateArray().Select((stage, index) => Stage(stage, $"stages[{index}]"))];
    }

    private StageDefinition Stage(JsonElement json, string place)
    {
        var keys = Keys(
            json, place, "name", "widths", "depths", "kernels", "expansions", "stride", "squeeze_excite", "activation");
        return new StageDefinition(
            Text(keys, "name"), Ints(keys, "widths"), Ints(keys, "depths"), Ints(keys, "kernels"), Ints(keys, "expansions"),
            Int(keys, "stride"), Flag(keys, "squeeze_excite"), Choice<Activation>(keys, "activation"));
    }

    private HeadDefinition Head(JsonKeys parent)
    {
        var keys = Child(parent, "head", "widths", "expand_ratio", "expand_width", "activation");
        return new HeadDefinition(
            Ints(keys, "widths"), IntOrNull(keys, "expand_ratio"), IntOrNull(keys, "expand_width"),
            Choice<Activation>(keys, "activation"));
    }

    private JsonKeys Child(JsonKeys parent, string key, params string[] names) =>
        TryGet(parent, key, JsonValueKind.Object, "an object", out var json)
            ? Keys(json, parent.PlaceOf(key), names)
            : new JsonKeys(parent.PlaceOf(key), []);

    // The keys of an object; a problem for each that is unknown, twice there or missing.
    private JsonKeys Keys(JsonElement json, string place, params string[] names)
    {
        var keys = new JsonKeys(place, []);
        if (json.ValueKind != JsonValueKind.Object)
        {
            Unread(place, $"an object is needed, not {Seen(json)}");
            return keys;
        }

        foreach (var property in json.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                _problems.Add($"{keys.PlaceOf(property.Name)}: unknown key; the keys are {string.Join(", ", names)}");
            else if (!keys.Values.TryAdd(property.Name, property.Value))
                _problems.Add($"{keys.PlaceOf(property.Name)}: the key is given twice");
        }

        foreach (var missing in names.Where(name => !keys.Values.ContainsKey(name)))
            Unread(keys.PlaceOf(missing), "the key is missing");
        return keys;
    }

    private string Text(JsonKeys keys, string key) =>
        TryGet(keys, key, JsonValueKind.String, "a text", out var json) ? json.GetString()! : "";

    private bool Flag(JsonKeys keys, string key)
    {
        if (!keys.Values.TryGetValue(key, out var json))
            return false;
        if (json.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Unread(keys.PlaceOf(key), $"true or false is needed, not {Seen(json)}");
        return json.ValueKind == JsonValueKind.True;
    }

    private int Int(JsonKeys keys, string key) => keys.Values.TryGetValue(key, out var json) ? Int(json, keys.PlaceOf(key)) : 0;

    private int? IntOrNull(JsonKeys keys, string key) =>
        keys.Values.TryGetValue(key, out var json) && json.ValueKind != JsonValueKind.Null ? Int(json, keys.PlaceOf(key)) : null;

    private int Int(JsonElement json, string place)
    {
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var value))
            return value;
        Unread(place, $"a whole number is needed, not {Seen(json)}");
        return 0;
    }

    private ImmutableArray<int> Ints(JsonKeys keys, string key)
    {
        if (!TryGet(keys, key, JsonValueKind.Array, "an array of whole numbers", out var json))
            return [];
        var before = _unread.Count;
        ImmutableArray<int> values = [.. json.EnumerateArray()
            .Select((entry, index) => Int(entry, $"{keys.PlaceOf(key)}[{index}]"))];
        if (_unread.Count > before)
            _unread.Add(keys.PlaceOf(key));
        return values;
    }

    private T Choice<T>(JsonKeys keys, string key)
        where T : struct, Enum
    {
        if (!keys.Values.TryGetValue(key, out var json))
            return default;
        var names = Enum.GetNames<T>().ToDictionary(JsonNamingPolicy.SnakeCaseLower.ConvertName, Enum.Parse<T>);
        if (json.ValueKind == JsonValueKind.String && names.TryGetValue(json.GetString()!, out var value))
            return value;
        Unread(keys.PlaceOf(key), $"one of {string.Join(", ", names.Keys)} is needed, not {Seen(json)}");
        return default;
    }

    private bool TryGet(JsonKeys keys, string key, JsonValueKind kind, string what, out JsonElement json)
    {
        if (!keys.Values.TryGetValue(key, out json))
            return false;
        if (json.ValueKind == kind)
            return true;
        Unread(keys.PlaceOf(key), $"{what} is needed, not {Seen(json)}");
        return false;
    }

    private void Unread(string place, string problem)
    {
        _unread.Add(place);
        _problems.Add($"{place}: {problem}");
    }

    private static string Seen(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }

    // The known keys of one object, and where it lies in the file.
    private sealed record JsonKeys(string Place, Dictionary<string, JsonElement> Values)
    {
        public string PlaceOf(string key) => Place.Length == 0 ? key : $"{Place}.{key}";
    }
}
