using System.Text.Json;
using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Supernet.Training.Recipes;

/// <summary>
/// Recipes as users write them: a preset's name, or a JSON file with <c>schema</c>, perhaps <c>based_on</c> (a preset), and the
/// keys that differ from it.
/// </summary>
public static class RecipeFile
{
    /// <summary>The schema of these files.</summary>
    public const string Schema = "hwnas/recipe/1";

    private const string BasedOn = "based_on";

    /// <summary>A preset, or the recipe in a file.</summary>
    /// <exception cref="InputException">There is no such preset, or the file is missing or wrong.</exception>
    public static Recipe Load(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (RecipePresets.Find(nameOrPath) is { } preset)
            return preset;
        if (!File.Exists(nameOrPath))
        {
            throw new InputException(
                $"There is no recipe '{nameOrPath}'. Give one of {string.Join(", ", RecipePresets.Names)}, or a JSON file.");
        }

        var document = StrictJson.ParseObject(StrictJson.ReadText(nameOrPath), nameOrPath);
        var schema = Taken(document, "schema", nameOrPath);
        if (schema != Schema)
        {
            throw new InputException(
                $"'{nameOrPath}' is no recipe: it has schema '{VisibleText.OneLine(schema ?? "(none)")}', '{Schema}' is needed.");
        }

        var basis = Taken(document, BasedOn, nameOrPath) is { } name
            ? RecipePresets.Find(name) ?? throw new InputException(
                $"'{nameOrPath}' is based on '{VisibleText.OneLine(name)}', which is no preset. "
                + $"Write one of {string.Join(", ", RecipePresets.Names)}.")
            : new Recipe();
        var whole = Document(basis);
        foreach (var (key, value) in document)
            whole[key] = value?.DeepClone();
        return StrictJson.Deserialize<Recipe>(whole, nameOrPath).Checked(nameOrPath);
    }

    /// <summary>A recipe with one value changed.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="setting">KEY=VALUE, with the key of the JSON form.</param>
    /// <exception cref="InputException">There is no such key, or the value does not fit it.</exception>
    public static Recipe Set(Recipe recipe, string setting)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(setting);
        var document = Document(recipe);
        if (setting.Split('=', 2) is not [var key, var text] || document[key] is not { } known)
        {
            throw new InputException(
                $"'{setting}' sets nothing of a recipe. Write KEY=VALUE, where KEY is one of "
                + $"{string.Join(", ", document.Select(entry => entry.Key))}.");
        }

        document[key] = known.GetValueKind() == JsonValueKind.String ? JsonValue.Create(text) : Literal(text);
        return StrictJson.Deserialize<Recipe>(document, setting).Checked(setting);
    }

    /// <summary>What makes a recipe of the default one, each as <see cref="Set"/> takes it.</summary>
    public static IReadOnlyList<string> Settings(Recipe recipe) =>
        [.. Differences(new Recipe(), recipe).Select(difference => $"{difference.Key}={difference.New}")];

    /// <summary>The keys in which two recipes differ, with both values as <see cref="Set"/> takes them.</summary>
    /// <param name="old">The one.</param>
    /// <param name="recipe">The other.</param>
    public static IReadOnlyList<(string Key, string Old, string New)> Differences(Recipe old, Recipe recipe)
    {
        var before = Document(old);
        return
        [
            .. Document(recipe).Where(entry => !JsonNode.DeepEquals(entry.Value, before[entry.Key]))
                .Select(entry => (entry.Key, OnOneLine(before[entry.Key]), OnOneLine(entry.Value))),
        ];

        static string OnOneLine(JsonNode? value) =>
            value is JsonObject whole ? whole.ToJsonString(StrictJson.LineOptions) : $"{value}";
    }

    /// <summary>The whole of a recipe as such a file.</summary>
    public static string ToJson(Recipe recipe)
    {
        var document = new JsonObject { ["schema"] = Schema };
        foreach (var (key, value) in Document(recipe))
            document[key] = value?.DeepClone();
        return document.ToJsonString(StrictJson.Options) + "\n";
    }

    private static JsonObject Document(Recipe recipe) =>
        JsonSerializer.SerializeToNode(recipe, StrictJson.LineOptions)!.AsObject();

    // What is no JSON stays text, for which the key's own error is the clearest.
    private static JsonNode? Literal(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static string? Taken(JsonObject document, string key, string origin)
    {
        if (!document.Remove(key, out var value))
            return null;
        return value is JsonValue text && text.TryGetValue<string>(out var known)
            ? known
            : throw new InputException($"'{origin}': '{key}' is no text.");
    }
}
