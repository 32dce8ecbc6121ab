using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;

namespace HwNas.Remote.Agents;

/// <summary>
/// A kit on its way to an agent: a file that is gone when it is closed, so that its length is known and memory stays free.
/// </summary>
internal sealed class TemporaryKit : IDisposable
{
    private readonly DirectoryInfo _folder;

    private TemporaryKit(DirectoryInfo folder, FileStream content) => (_folder, Content) = (folder, content);

    public FileStream Content { get; }

    public static TemporaryKit Write(JobBundle bundle)
    {
        var folder = Directory.CreateTempSubdirectory("hwnas-kit-");
        try
        {
            var path = Path.Combine(folder.FullName, "kit.zip");
            MeasurementKit.Write(path, bundle);
            return new TemporaryKit(folder, File.OpenRead(path));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        Content.Dispose();
        _folder.Delete(recursive: true);
    }
}
