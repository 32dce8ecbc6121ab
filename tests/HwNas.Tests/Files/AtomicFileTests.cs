using System.Runtime.InteropServices;
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

    [LinuxFact]
    public void A_file_that_has_its_name_is_followed_by_a_flush_of_the_folder()
    {
        using var watch = new FolderWatch(_folder);
        AtomicFile.WriteText(Path.Combine(_folder, "file"), "new");

        // To flush a folder it must be opened, which nothing else does here.
        Assert.Equal(["moved file", "opened folder"], watch.Events());
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

    /// <summary>What the kernel (inotify) says of a folder: names that files take, and that it is opened itself.</summary>
    private sealed class FolderWatch : IDisposable
    {
        private const uint MovedTo = 0x80, Opened = 0x20, Folder = 0x4000_0000;
        private const int HeaderBytes = 16, NonBlocking = 0x800;

        private readonly int _descriptor = inotify_init1(NonBlocking);

        public FolderWatch(string folder) => Assert.True(inotify_add_watch(_descriptor, folder, MovedTo | Opened) >= 0);

        public List<string> Events()
        {
            var (buffer, events) = (new byte[1 << 16], new List<string>());
            var length = (int)read(_descriptor, buffer, buffer.Length);
            for (var start = 0; start < length; start += HeaderBytes + BitConverter.ToInt32(buffer, start + 12))
            {
                var mask = BitConverter.ToUInt32(buffer, start + 4);
                var name = buffer.AsSpan(start + HeaderBytes, BitConverter.ToInt32(buffer, start + 12));
                if ((mask & MovedTo) != 0)
                    events.Add($"moved {System.Text.Encoding.UTF8.GetString(name).TrimEnd('\0')}");
                else if ((mask & Folder) != 0)
                    events.Add("opened folder");
            }

            return events;
        }

        public void Dispose() => _ = close(_descriptor);

        [DllImport("libc")]
        private static extern int inotify_init1(int flags);

        [DllImport("libc")]
        private static extern int inotify_add_watch(
            int descriptor, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mask);

        [DllImport("libc")]
        private static extern nint read(int descriptor, byte[] buffer, nint count);

        [DllImport("libc")]
        private static extern int close(int descriptor);
    }

    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "inotify is Linux'.";
    }
}
