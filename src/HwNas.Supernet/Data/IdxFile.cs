using System.Buffers.Binary;
using System.IO.Compression;
using HwNas.Core;

namespace HwNas.Supernet.Data;

/// <summary>Reads the IDX format of MNIST-like data sets (unsigned bytes, big-endian header), gzip-compressed.</summary>
internal static class IdxFile
{
    private const int MaxValues = 256 << 20;

    /// <summary>Reads a file whose number of dimensions must be <paramref name="rank"/>.</summary>
    /// <returns>The sides and the bytes.</returns>
    /// <exception cref="InputException">The file is missing, truncated, too long, or no such IDX file.</exception>
    public static (int[] Shape, byte[] Values) Read(string path, int rank)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var stream = new GZipStream(file, CompressionMode.Decompress);
            var header = new byte[4 + (4 * rank)];
            stream.ReadExactly(header);
            if (header[0] != 0 || header[1] != 0 || header[2] != 8 || header[3] != rank)
                throw new InputException($"'{path}' is no IDX file of unsigned bytes with {rank} dimensions.");

            var shape = new int[rank];
            var count = 1L;
            for (var i = 0; i < rank; i++)
            {
                shape[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + (4 * i)));
                count = shape[i] is > 0 and <= MaxValues ? count * shape[i] : long.MaxValue;
                if (count > MaxValues)
                    throw new InputException($"'{path}' claims a side of {shape[i]} and more than {MaxValues} values in all.");
            }

            var values = new byte[count];
            stream.ReadExactly(values);
            return stream.ReadByte() < 0 ? (shape, values) : throw new InputException($"'{path}' is longer than its header says.");
        }
        catch (EndOfStreamException error)
        {
            throw new InputException($"'{path}' is truncated. Install or copy the data set again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException($"Cannot read '{path}': {error.Message} Install or copy the data set again.", error);
        }
    }
}
