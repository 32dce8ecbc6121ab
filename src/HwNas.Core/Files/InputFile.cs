using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HwNas.Core.Files;

/// <summary>
/// Reads files that users name, up to a limit; regular ones only, since devices and pipes may give bytes without end.
/// </summary>
public static class InputFile
{
    /// <summary>Opens a file to read from its beginning.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">Names it in errors; null by its path.</param>
    /// <exception cref="InputException">It is missing, no regular file, or cannot be read.</exception>
    public static FileStream Open(string path, string? origin = null)
    {
        origin ??= path;
        FileStream? stream = null;
        try
        {
            if (IsPipe(path))
                throw NotRegular(origin);
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            // What gives bytes beyond its length is a device.
            if (!stream.CanSeek || (stream.Length == 0 && stream.ReadByte() >= 0))
                throw NotRegular(origin);
            return stream;
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is FileNotFoundException or DirectoryNotFoundException)
                throw new InputException($"'{origin}' does not exist. Check the path.", error);
            if (error is IOException or UnauthorizedAccessException)
            {
                throw new InputException(
                    Directory.Exists(path) ? $"'{origin}' is a folder. Give a file." : $"Cannot read '{origin}': {error.Message}",
                    error);
            }

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

    // A named pipe that nobody writes to would hold up for ever whoever opens it as a file.
    private static bool IsPipe(string path)
    {
        if (OperatingSystem.IsWindows() || CLibrary.Open(path, CLibrary.WithoutWaiting) is not (>= 0 and var descriptor))
            return false;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        using var opened = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return !opened.CanSeek;
    }

    private static InputException NotRegular(string origin) =>
        new($"'{origin}' is no regular file, but a device or a pipe. Give a file.");
}
