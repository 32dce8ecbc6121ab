using System.Globalization;

namespace HwNas.Core.Files;

/// <summary>
/// The right to write what lies in one place, for one process at a time. The operating system holds it, so it ends with
/// the process, whatever becomes of that. Who holds it stands beside it, for messages.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _holder;

    private FileLock(FileStream held, string holder) => (_held, _holder) = (held, holder);

    /// <summary>Takes a lock.</summary>
    /// <param name="path">The lock's file; it stays there, for whoever removed it would take the lock away from the next.</param>
    /// <param name="what">What is locked, for messages.</param>
    /// <param name="command">What the holder does, such as <c>hwnas search</c>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InputException">Somebody else holds it, or the place cannot be written.</exception>
    public static FileLock Take(string path, string what, string command, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var held = Open(path, what);
        var since = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        try
        {
            AtomicFile.WriteText(
                HolderOf(path), $"process {Environment.ProcessId} ({command}) on {Environment.MachineName} since {since}");
            return new FileLock(held, HolderOf(path));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        using (_held)
        {
            if (_held.CanWrite)
                File.Delete(_holder);
        }
    }

    private static FileStream Open(string path, string what)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path) && IsHeld(error))
        {
            throw new InputException(
                $"'{what}' is in use by {Holder(path)}. Wait until that has ended, or choose another place.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"Cannot write to '{what}': {Sentence.Of(error)} Choose a writable place with enough space.", error);
        }
    }

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;

    private static string HolderOf(string path) => path + ".holder";

    // Between taking a lock and saying so there is a moment.
    private static string Holder(string path)
    {
        try
        {
            return string.Concat(File.ReadAllText(HolderOf(path)).Take(300).Where(letter => !char.IsControl(letter)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
