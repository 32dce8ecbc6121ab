namespace HwNas.Native.Tests.Support;

/// <summary>A disk of 64 kB, soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallDisk()
    {
        var mounted = Tool.RunProgram("mount", _folder.Path, "-t", "tmpfs", "-o", "size=64k", "hwnas-test", _folder.Path);
        if (mounted.ExitCode != 0)
        {
            _folder.Dispose();
            throw new InvalidOperationException(mounted.Error);
        }
    }

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    public void Dispose()
    {
        Tool.RunProgram("umount", System.IO.Path.GetTempPath(), _folder.Path);
        _folder.Dispose();
    }
}

/// <summary>A fact that needs a <see cref="SmallDisk"/>; skipped, saying so, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Reason = new(() =>
    {
        try
        {
            new SmallDisk().Dispose();
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"No small disk can be mounted: {error.Message.Trim()}";
        }
    });

    public SmallDiskFactAttribute() => Skip = Reason.Value;
}
