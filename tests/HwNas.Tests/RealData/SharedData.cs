using System.IO.Compression;

namespace HwNas.Tests.RealData;

/// <summary>The published data that lies beside the project, in <c>../shared/data</c> seen from its root.</summary>
internal static class SharedData
{
    /// <summary>The folder; null where it is absent. Worktrees lie deeper, hence the walk up.</summary>
    public static string? Folder { get; } = Ancestors(AppContext.BaseDirectory)
        .SkipWhile(folder => !File.Exists(Path.Combine(folder, "HwNas.sln")))
        .Select(folder => Path.Combine(folder, "shared", "data"))
        .FirstOrDefault(Directory.Exists);

    public static string PathOf(string name) =>
        Path.Combine(Folder ?? throw new InvalidOperationException("The folder ../shared/data is absent."), name);

    /// <summary>The text of a gzip file.</summary>
    public static string Unzip(string name)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(PathOf(name)), CompressionMode.Decompress));
        return text.ReadToEnd();
    }

    private static IEnumerable<string> Ancestors(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }
}
