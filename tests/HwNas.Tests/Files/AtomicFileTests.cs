using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_flushed_where_the_operating_system_can()
    {
        Assert.Equal(!OperatingSystem.IsWindows(), AtomicFile.FlushFolder(_folder));
        Assert.False(AtomicFile.FlushFolder(Path.Combine(_folder, "nowhere")));
    }

    [Fact]
    public void A_place_is_tried_before_the_work_and_left_as_it_was()
    {
        var path = Path.Combine(_folder, "new", "file");
        AtomicFile.RequireWritable(path);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "new")));
        AtomicFile.WriteText(path, "old");
        AtomicFile.RequireWritable(path);
        Assert.Equal("old", File.ReadAllText(path));

        Assert.Contains(
            "is a folder", Assert.Throws<InputException>(() => AtomicFile.RequireWritable(_folder)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => AtomicFile.RequireWritable(Path.Combine(path, "below a file")));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        var path = Path.Combine(_folder, "file");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<InputException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("full");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }
}
