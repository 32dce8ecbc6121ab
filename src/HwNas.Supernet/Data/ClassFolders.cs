using HwNas.Core;

namespace HwNas.Supernet.Data;

/// <summary>
/// Folders of classes as people, cameras and file servers leave them: what is hidden, or what systems put beside pictures, is
/// neither a class nor a picture.
/// </summary>
internal static class ClassFolders
{
    // Of Windows, macOS's archives, Linux, and of the servers of Synology and QNAP.
    private static readonly HashSet<string> LeftBehind = new(
        [
            "Thumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information", "__MACOSX", "lost+found",
            "@eaDir", "#recycle", "@Recycle", "@Recently-Snapshot",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The classes of a folder, in ordinal order.</summary>
    /// <exception cref="InputException">A link leads nowhere, where a class may have been.</exception>
    public static IReadOnlyList<string> Classes(string folder)
    {
        if (Directory.EnumerateFiles(folder).Where(IsOwn).FirstOrDefault(LeadsNowhere) is { } link)
        {
            throw new InputException(
                $"'{VisibleText.OneLine(link)}' is a link that leads nowhere. Bring back what it points to, or remove it.");
        }

        return
        [
            .. Directory.EnumerateDirectories(folder).Where(IsOwn).Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The pictures of a class, in ordinal order.</summary>
    public static IEnumerable<string> Pictures(string folder) =>
        Directory.EnumerateFiles(folder).Where(path => IsOwn(path) && ImageFile.IsOne(path)).Order(StringComparer.Ordinal);

    /// <summary>What a class holds that nobody reads, other kinds of files and folders, in ordinal order.</summary>
    public static IEnumerable<string> Others(string folder) =>
        Directory.EnumerateDirectories(folder).Concat(Directory.EnumerateFiles(folder).Where(path => !ImageFile.IsOne(path)))
            .Where(IsOwn).Order(StringComparer.Ordinal);

    private static bool LeadsNowhere(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: false };

    private static bool IsOwn(string path) =>
        Path.GetFileName(path) is var name && name[0] != '.' && !LeftBehind.Contains(name);
}
