using HwNas.Onnx.Profiling;

namespace HwNas.Onnx.Kits;

/// <summary>
/// A kit on its way to another process or machine: a file that is gone when this is disposed of, so that memory stays free.
/// </summary>
public sealed class TemporaryKit : IDisposable
{
    private readonly DirectoryInfo _folder;

    private TemporaryKit(DirectoryInfo folder) => _folder = folder;

    /// <summary>The file.</summary>
    public string FilePath => Path.Combine(_folder.FullName, "kit.zip");

    /// <summary>Writes the kit of a job.</summary>
    /// <exception cref="Core.InputException">The file cannot be written, or the models are too large.</exception>
    public static TemporaryKit Write(JobBundle bundle)
    {
        var kit = new TemporaryKit(Directory.CreateTempSubdirectory("hwnas-kit-"));
        try
        {
            MeasurementKit.Write(kit.FilePath, bundle);
            return kit;
        }
        catch
        {
            kit.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
