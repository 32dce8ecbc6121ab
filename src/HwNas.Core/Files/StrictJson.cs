using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HwNas.Core.Files;

/// <summary>
/// The JSON of every file of HwNas: snake_case keys, enum values as snake_case strings; unknown, duplicate and missing
/// keys are errors that name the file and the key. Files that guard themselves carry <c>schema</c> and <c>hash</c>.
/// </summary>
public static class StrictJson
{
    /// <summary>No file of HwNas is larger; a larger one is refused before it is read.</summary>
    public const long MaxFileBytes = 64L << 20;

    private const int MaxDepth = 32, LongText = 1 << 20, MaxLists = 1_000_000;

    /// <summary>The options for reading and writing: strict, indented.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: true);

    /// <summary>The same on one line, for journals and <c>--json</c>.</summary>
    public static JsonSerializerOptions LineOptions { get; } = Create(indented: false);

    /// <summary>Reads a file whose top-level key <c>schema</c> must be <paramref name="schema"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">The schema that is written today.</param>
    /// <param name="older">Older ones that are read as well.</param>
    /// <param name="upgrade">Turns the document of an older schema into one of today's.</param>
    /// <param name="anew">How to make a file of another version anew.</param>
    /// <exception cref="InputException">The file is missing, too large, no JSON, of another schema, or has
    /// wrong keys or values.</exception>
    public static T ReadFile<T>(
        string path, string schema, IReadOnlyList<string>? older = null, Action<JsonObject>? upgrade = null, string anew = "")
        where T : class => Parse<T>(ReadText(path), schema, path, older, upgrade, anew);

    /// <summary>The text of a file of at most <see cref="MaxFileBytes"/>.</summary>
    /// <exception cref="InputException">The file is missing, no regular file, unreadable or too large.</exception>
    public static string ReadText(string path) => InputFile.ReadText(path, MaxFileBytes);

    /// <summary>
    /// Parses JSON text whose <c>schema</c> must be <paramref name="schema"/>;
    /// <paramref name="origin"/> names the text in errors.
    /// </summary>
    /// <exception cref="InputException">The text is no JSON, of another schema, guarded by a wrong hash, or has
    /// wrong keys or values.</exception>
    public static T Parse<T>(
        string json, string schema, string origin, IReadOnlyList<string>? older = null, Action<JsonObject>? upgrade = null,
        string anew = "")
        where T : class
    {
        var document = ParseObject(json, origin);
        var found = document["schema"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        if (found is null || (found != schema && older?.Contains(found) != true))
        {
            throw new InputException(
                $"'{origin}' has schema '{VisibleText.OneLine(found ?? "(none)")}', but '{schema}' is needed. "
                + "It is another kind of file, or was written by another version of "
                + $"hwnas.{(anew.Length > 0 ? " " + anew : "")}");
        }

        if (document["hash"] is JsonValue hash
            && hash.TryGetValue<string>(out var expected)
            && expected != ContentHash.OfCanonicalJson(document))
        {
            throw new InputException(
                $"'{origin}' does not match its own hash: it was edited or damaged. Make it anew, or restore it from a copy.");
        }

        if (found != schema)
            upgrade?.Invoke(document);
        return Deserialize<T>(document, origin);
    }

    /// <summary>Parses one JSON object strictly.</summary>
    /// <param name="json">The text.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <param name="holdsTexts">Whether its strings may be whole texts, with lines of their own.</param>
    /// <exception cref="InputException">The text is no JSON object, or a string in it holds a control character.</exception>
    public static JsonObject ParseObject(string json, string origin, bool holdsTexts = false)
    {
        try
        {
            Inspect(json, origin, holdsTexts);
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth };
            return JsonNode.Parse(json, documentOptions: options) as JsonObject
                ?? throw new InputException($"'{origin}' holds no JSON object.");
        }
        catch (Exception error) when (IsOfText(error))
        {
            throw new InputException($"'{origin}' is not valid JSON: {VisibleText.OneLine(error.Message)}", error);
        }
    }

    /// <summary>Turns a JSON object into <typeparamref name="T"/>.</summary>
    /// <exception cref="InputException">A key is unknown or missing, or a value has the wrong type.</exception>
    public static T Deserialize<T>(JsonNode document, string origin)
        where T : class
    {
        try
        {
            return document.Deserialize<T>(Options) ?? throw new InputException($"'{origin}' holds null.");
        }
        catch (Exception error) when (IsOfText(error))
        {
            throw new InputException($"'{origin}': {VisibleText.OneLine(error.Message)}", error);
        }
    }

    /// <summary>
    /// The indented text of <paramref name="value"/>; if it has a top-level key <c>hash</c>, it is computed and set.
    /// </summary>
    public static string Serialize<T>(T value) => Encoding.UTF8.GetString(SerializeToUtf8(value, Options));

    /// <summary>Writes <paramref name="value"/> atomically, with its hash set where it has one.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteFile<T>(string path, T value) =>
        AtomicFile.Write(path, stream => stream.Write(SerializeToUtf8(value, Options)));

    /// <summary>The same on one line, for files that are mostly numbers.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteCompactFile<T>(string path, T value) =>
        AtomicFile.Write(path, stream => stream.Write(SerializeToUtf8(value, LineOptions)));

    // Without a tree of nodes: a record of a million samples is written on devices with little memory.
    private static byte[] SerializeToUtf8<T>(T value, JsonSerializerOptions options)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, options);
        if (FindHash(json) is not var (start, end))
            return [.. json, (byte)'\n'];
        using var document = JsonDocument.Parse(json);
        return
        [
            .. json.AsSpan(0, start),
            (byte)'"',
            .. Encoding.ASCII.GetBytes(ContentHash.OfCanonicalJson(document.RootElement)),
            (byte)'"',
            .. json.AsSpan(end),
            (byte)'\n',
        ];
    }

    // Where the value of the top-level key "hash" stands; null if there is none.
    private static (int Start, int End)? FindHash(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals("hash"u8))
                continue;
            reader.Read();
            return ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
        }

        return null;
    }

    // No name of ours holds control characters; in a message they could pass for lines of the tool. And lists of nothing
    // take thirty times the memory of their text once they are parsed.
    private static void Inspect(string json, string origin, bool holdsTexts)
    {
        if (json.Length < LongText && (holdsTexts || !json.Contains('\\', StringComparison.Ordinal)))
            return;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = MaxDepth });
        var (key, lists) = ("", 0);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && ++lists > MaxLists)
                throw new InputException($"'{origin}' holds more than {MaxLists} lists and objects: it is no file of hwnas.");
            if (holdsTexts || reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
                continue;
            if (reader.ValueIsEscaped && reader.GetString() is { } text && text.Any(char.IsControl))
            {
                var where = key.Length > 0 ? $" in '{key}'" : "";
                var shown = VisibleText.OneLine(text[..Math.Min(text.Length, 80)]);
                throw new InputException($"'{origin}' holds a control character{where}: '{shown}'. Remove it.");
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
                key = reader.GetString()!;
        }
    }

    // Half of a surrogate pair, "\ud800", is an InvalidOperationException.
    private static bool IsOfText(Exception error) => error is JsonException or InvalidOperationException;

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
