namespace HwNas.Native.Tests.Support;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HwNas.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below a checkout of HwNas.");
        return folder.FullName;
    }
}
