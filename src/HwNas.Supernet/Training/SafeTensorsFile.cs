using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Supernet.Training;

/// <summary>One tensor of a file.</summary>
/// <param name="Type">Its element type: <c>F32</c> or <c>U8</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bytes">Its values, little-endian, row-major.</param>
internal sealed record StoredTensor(string Type, ImmutableArray<long> Shape, byte[] Bytes)
{
    public static int ElementBytes(string type) => type switch
    {
        "F32" => 4,
        "U8" => 1,
        _ => 0,
    };
}

/// <summary>
/// The safetensors format: eight bytes with the header's length, a JSON header with type, shape and place of each
/// tensor and a map of texts, then the data. Our map carries a hash over everything else, so that damage is found.
/// </summary>
internal static class SafeTensorsFile
{
    private const string HashKey = "hwnas.sha256";
    private const int MaxHeaderBytes = 16 << 20;

    // All of it is held in one array; no supernet that fits a training comes near.
    private const long MaxFileBytes = 2_000_000_000;

    public static void Write(
        string path, IReadOnlyDictionary<string, string> texts, IReadOnlyList<KeyValuePair<string, StoredTensor>> tensors)
    {
        var header = new JsonObject { ["__metadata__"] = null };
        var offset = 0L;
        foreach (var (name, tensor) in tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = tensor.Type,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(side => JsonValue.Create(side))]),
                ["data_offsets"] = new JsonArray(offset, offset + tensor.Bytes.Length),
            };
            offset += tensor.Bytes.Length;
        }

        var map = new JsonObject(
            [.. texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))]);
        map[HashKey] = Hash(texts, tensors);
        header["__metadata__"] = map;

        var json = JsonSerializer.SerializeToUtf8Bytes(header, StrictJson.LineOptions);
        var padded = (json.Length + 7) / 8 * 8;
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, padded);
            stream.Write(length);
            stream.Write(json);
            for (var i = json.Length; i < padded; i++)
                stream.WriteByte((byte)' ');
            foreach (var (_, tensor) in tensors)
                stream.Write(tensor.Bytes);
        });
    }

    public static (IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, StoredTensor> Tensors) Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                throw new InputException($"'{path}' does not exist. Train a supernet first: hwnas train --help.");
            using var stream = InputFile.Open(path);
            if (stream.Length is < 10 or > MaxFileBytes)
                throw Damaged(path, $"it has {stream.Length} bytes");
            Span<byte> lengthBytes = stackalloc byte[8];
            stream.ReadExactly(lengthBytes);
            var length = BinaryPrimitives.ReadInt64LittleEndian(lengthBytes);
            if (length < 2 || length > Math.Min(MaxHeaderBytes, stream.Length - 8))
                throw Damaged(path, $"its header claims {length} bytes");
            var json = new byte[length];
            stream.ReadExactly(json);
            var data = new byte[stream.Length - 8 - length];
            stream.ReadExactly(data);
            var header = StrictJson.ParseObject(System.Text.Encoding.UTF8.GetString(json), path, holdsTexts: true);
            return Parse(path, header, data);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot read '{path}': {error.Message}", error);
        }
    }

    private static (IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, StoredTensor> Tensors) Parse(
        string path, JsonObject header, byte[] data)
    {
        try
        {
            if (header["__metadata__"] is not JsonObject map)
                throw Damaged(path, "its header has no __metadata__: it was not written by hwnas");
            var texts = map.ToDictionary(t => t.Key, t => t.Value!.GetValue<string>());
            var tensors = new List<KeyValuePair<string, StoredTensor>>();
            var next = 0L;
            foreach (var (name, node) in header.Where(entry => entry.Key != "__metadata__"))
            {
                var entry = node!.AsObject();
                var type = entry["dtype"]!.GetValue<string>();
                var shape = entry["shape"]!.AsArray().Select(side => side!.GetValue<long>()).ToImmutableArray();
                var (begin, end) = (entry["data_offsets"]![0]!.GetValue<long>(), entry["data_offsets"]![1]!.GetValue<long>());
                var elements = shape.Aggregate(1L, (product, side) => side is >= 0 and <= int.MaxValue
                    ? checked(product * side)
                    : throw new OverflowException());
                if (begin != next
                    || end < begin
                    || end > data.Length
                    || StoredTensor.ElementBytes(type) == 0
                    || elements * StoredTensor.ElementBytes(type) != end - begin)
                {
                    throw Damaged(path, $"its entry '{name}' does not fit the data");
                }

                tensors.Add(KeyValuePair.Create(name, new StoredTensor(type, shape, data[(int)begin..(int)end])));
                next = end;
            }

            if (next != data.Length)
                throw Damaged(path, $"it has {data.Length - next} bytes too many");
            if (!texts.Remove(HashKey, out var expected) || expected != Hash(texts, tensors))
                throw Damaged(path, "it does not match its own hash");
            return (texts, tensors.ToDictionary(t => t.Key, t => t.Value));
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException or FormatException
            or OverflowException or ArgumentException)
        {
            throw Damaged(path, "its header has keys or values of the wrong kind", error);
        }
    }

    private static string Hash(
        IReadOnlyDictionary<string, string> texts, IReadOnlyList<KeyValuePair<string, StoredTensor>> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, text) in texts.OrderBy(t => t.Key, StringComparer.Ordinal))
            Append($"{key}\0{text}\0");
        foreach (var (name, tensor) in tensors)
        {
            Append($"{name}\0{tensor.Type}\0{string.Join(',', tensor.Shape)}\0");
            hash.AppendData(tensor.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static InputException Damaged(string path, string why, Exception? inner = null) =>
        new($"'{path}' is damaged or not a checkpoint of hwnas: {why}. Restore it from a copy, or train again.", inner);
}
