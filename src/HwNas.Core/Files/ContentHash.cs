using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HwNas.Core.Files;

/// <summary>SHA-256 hashes, as lower-case hexadecimal, by which files name their inputs and guard themselves.</summary>
public static class ContentHash
{
    /// <summary>Hash of the bytes of a file.</summary>
    public static string OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Hash of bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Hash of UTF-8 text.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Hash over the canonical form of a JSON object: keys sorted by code point at every level, no white space,
    /// numbers and strings as System.Text.Json writes them, the top-level key <c>hash</c> left out.
    /// </summary>
    public static string OfCanonicalJson(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            WriteCanonical(writer, document, skipHash: true);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void WriteCanonical(Utf8JsonWriter writer, JsonNode? node, bool skipHash)
    {
        switch (node)
        {
            case JsonObject properties:
                writer.WriteStartObject();
                foreach (var (key, value) in properties.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    if (skipHash && key == "hash")
                        continue;
                    writer.WritePropertyName(key);
                    WriteCanonical(writer, value, skipHash: false);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    WriteCanonical(writer, item, skipHash: false);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
