using System.Text;

namespace HwNas.Core.Files;

/// <summary>
/// Reads files that users name, up to a limit; regular ones only, since devices and pipes may give bytes without end.
/// </summary>
public static class InputFile
{
    /// <summary>Opens a file to read from its beginning.</summary>
    /// <exception cref="InputException">It is missing, no regular file, or cannot be read.</exception>
    public static FileStream Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            // What gives bytes beyond its length is a device.
            if (!stream.CanSeek || (stream.Length == 0 && stream.ReadByte() >= 0))
                throw new InputException($"'{path}' is no regular file, but a device or a pipe. Give a file.");
            return stream;
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is FileNotFoundException or DirectoryNotFoundException)
                throw new InputException($"'{path}' does not exist. Check the path.", error);
            if (error is IOException or UnauthorizedAccessException)
                throw new InputException($"Cannot read '{path}': {error.Message}", error);
            throw;
        }
    }

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="InputException">It is missing, no regular file, larger than the limit, or cannot be read.</exception>
    public static byte[] ReadBytes(string path, long maxBytes)
    {
        using var stream = Open(path);
        if (stream.Length > Math.Min(maxBytes, Array.MaxLength))
            throw new InputException($"'{path}' has {stream.Length} bytes; files of this kind have at most {maxBytes}.");
        try
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot read '{path}': {error.Message}", error);
        }
    }

    /// <summary>All text of a file, which is UTF-8 unless it begins with another mark.</summary>
    /// <exception cref="InputException">It is missing, no regular file, larger than the limit, or cannot be read.</exception>
    public static string ReadText(string path, long maxBytes)
    {
        using var reader = new StreamReader(new MemoryStream(ReadBytes(path, maxBytes)), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
