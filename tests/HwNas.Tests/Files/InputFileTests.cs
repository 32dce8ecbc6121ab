using System.Runtime.InteropServices;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Tests.Files;

public sealed class InputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/urandom")]
    public void Devices_that_never_end_are_refused(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Contains("no regular file", Refused(() => InputFile.ReadText(path, 1 << 30)), StringComparison.Ordinal);
        Assert.Contains("no regular file", Refused(() => ContentHash.OfFile(path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_refused_at_once()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = Path.Combine(_folder, "pipe");
        Assert.Equal(0, MakePipe(path, Convert.ToUInt32("600", 8)));
        var reading = Task.Run(() => Refused(() => InputFile.ReadText(path, 100)));
        Assert.Contains("a device or a pipe", await reading.WaitAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_large_is_refused_before_it_is_read()
    {
        var path = Path.Combine(_folder, "sparse");
        using (var file = File.Create(path))
            file.SetLength(3L << 30);
        Assert.Contains("at most 4294967296", Refused(() => InputFile.ReadBytes(path, 4L << 30)), StringComparison.Ordinal);
        Assert.Contains("at most 1024", Refused(() => InputFile.ReadText(path, 1024)), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        var missing = Path.Combine(_folder, "none");
        Assert.Contains("does not exist", Refused(() => InputFile.ReadText(missing, 1)), StringComparison.Ordinal);
        Assert.Contains("is a folder", Refused(() => InputFile.ReadText(_folder, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_read_with_or_without_a_mark_and_empty_files_are_empty()
    {
        var path = Path.Combine(_folder, "text");
        foreach (var text in new[] { "", "größe\n" })
        {
            File.WriteAllText(path, text, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: text.Length > 0));
            Assert.Equal(text, InputFile.ReadText(path, 100));
        }
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    private static string Refused(Action read) => Assert.Throws<InputException>(read).Message;
}
