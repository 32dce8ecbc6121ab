using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    private string PathOf => Path.Combine(_folder, ".lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_holder_is_told_who_the_first_is_until_that_gives_the_lock_back()
    {
        using (FileLock.Take(PathOf, "the run", "hwnas search", new FixedTime()))
        {
            var error = Assert.Throws<InputException>(() => FileLock.Take(PathOf, "the run", "hwnas best", new FixedTime()));
            Assert.StartsWith(
                $"'the run' is in use by process {Environment.ProcessId} (hwnas search) on {Environment.MachineName} since "
                + "2026-11-27 12:00:00 UTC.",
                error.Message, StringComparison.Ordinal);
        }

        FileLock.Take(PathOf, "the run", "hwnas best", new FixedTime()).Dispose();
    }

    [Fact]
    public void What_an_earlier_holder_left_behind_locks_nothing()
    {
        File.WriteAllText(PathOf, "");
        File.WriteAllText(PathOf + ".holder", "process 1 (hwnas train) on another since 2000-01-01 00:00:00 UTC");
        FileLock.Take(PathOf, "the run", "hwnas search", new FixedTime()).Dispose();
    }

    [Fact]
    public void A_name_from_outside_cannot_write_to_the_terminal()
    {
        using var held = FileLock.Take(PathOf, "the run", "hwnas search", new FixedTime());
        File.WriteAllText(PathOf + ".holder", "\u001b[31mprocess\n1");
        Assert.Contains(
            "by [31mprocess1.",
            Assert.Throws<InputException>(() => FileLock.Take(PathOf, "the run", "hwnas search", new FixedTime())).Message,
            StringComparison.Ordinal);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    }
}
