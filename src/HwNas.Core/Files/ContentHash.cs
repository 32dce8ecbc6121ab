using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HwNas.Core.Files;

/// <summary>SHA-256 hashes, as lower-case hexadecimal, by which files name their inputs and guard themselves.</summary>
public static class ContentHash
{
    private const int FlushBytes = 64 << 10;

    /// <summary>Hash of the bytes of a file.</summary>
    /// <exception cref="InputException">It is missing, no regular file, or cannot be read.</exception>
    public static string OfFile(string path)
    {
        using var stream = InputFile.Open(path);
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
    public static string OfCanonicalJson(JsonObject document) => OfCanonicalJson(JsonSerializer.SerializeToElement(document));

    /// <summary>The same of a parsed document, which takes a tenth of the memory of nodes.</summary>
    public static string OfCanonicalJson(JsonElement document)
    {
        using var sha = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
        using (var writer = new Utf8JsonWriter(stream))
            WriteCanonical(writer, document, skipHash: true);
        return Convert.ToHexStringLower(sha.Hash!);
    }

    private static void WriteCanonical(Utf8JsonWriter writer, JsonElement element, bool skipHash)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (skipHash && property.Name == "hash")
                        continue;
                    writer.WritePropertyName(property.Name);
                    WriteCanonical(writer, property.Value, skipHash: false);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    WriteCanonical(writer, item, skipHash: false);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                if (writer.BytesPending > FlushBytes)
                    writer.Flush();
                break;
        }
    }
}
