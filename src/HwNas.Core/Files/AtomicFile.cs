using System.Text;

namespace HwNas.Core.Files;

/// <summary>
/// Writes a file so that readers see the old content or the new one, never a part, even after a loss of power: temporary
/// file, flush to disk, rename, flush of the folder.
/// </summary>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Writes <paramref name="path"/> through <paramref name="write"/>; on any error the old file
    /// stays and the temporary one goes.
    /// </summary>
    /// <exception cref="InputException">The folder or file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        WithTemporary(path, write, keeps: true);
    }

    /// <summary>Refuses a place before the work whose result shall be written there; makes its folder.</summary>
    /// <exception cref="InputException">The path is a folder, or no file can be made there.</exception>
    public static void RequireWritable(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"'{path}' is a folder, but this is written as a file: give it a name.");
        WithTemporary(path, _ => { }, keeps: false);
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    /// <exception cref="InputException">The folder or file cannot be written.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Utf8.GetBytes(text)));

    /// <summary>
    /// Makes a folder's entries outlive a loss of power. .NET opens no folders, hence the calls of
    /// the C library; Windows needs none.
    /// </summary>
    /// <returns>Whether the operating system did so; some file systems cannot.</returns>
    public static bool FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows() || CLibrary.Open(folder, flags: 0) is not (>= 0 and var descriptor))
            return false;
        var flushed = CLibrary.Flush(descriptor) == 0;
        _ = CLibrary.Close(descriptor);
        return flushed;
    }

    private static void WithTemporary(string path, Action<Stream> write, bool keeps)
    {
        var fullPath = Path.GetFullPath(path);
        var temporary = $"{fullPath}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(fullPath)!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: keeps);
            }

            if (!keeps)
                return;
            File.Move(temporary, fullPath, overwrite: true);
            FlushFolder(Path.GetDirectoryName(fullPath)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"Cannot write '{path}': {Sentence.Of(error)} Choose a writable place with enough space.", error);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }
}
