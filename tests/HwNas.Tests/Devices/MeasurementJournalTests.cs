using HwNas.Core;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Tests.Devices;

public sealed class MeasurementJournalTests : IDisposable
{
    private static readonly double[] Costs = [100, 1000, 1400];
    private static readonly MeasurementJournalHeader Header = new(MeasurementJournal.Schema, "job", "fingerprint", 3);
    private static readonly MeasurementSettings Settings = new()
    {
        MinPasses = 50,
        MinSeconds = 0.5,
        MaxSeconds = 5,
        MinSampleUs = 0,
        LeadUs = 0,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    private string PathOf => Path.Combine(_folder, "journal.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1000, 5, true)]
    [InlineData(long.MaxValue, 5, false)]
    [InlineData(-1, 5, false)]
    [InlineData(1000, long.MaxValue, false)]
    [InlineData(1000, 0, false)]
    public void A_pass_with_an_absurd_clock_is_none(long elapsedMs, long wallNs, bool isPlausible) =>
        Assert.Equal(isPlausible, new MeasuredPass(elapsedMs, [wallNs], [4]).IsPlausible(1));

    [Fact]
    public void An_interrupted_measurement_continues_where_it_was()
    {
        Interrupt(afterMs: 300);
        var kept = File.ReadLines(PathOf).Count() - 1;

        var result = Measure(Header, new SyntheticDevice(Costs));

        Assert.InRange(kept, 50, 150);
        // The journal keeps whole milliseconds, and the stop rule looks every 25 passes.
        Assert.InRange(result.Passes.Count, 200, 225);
        Assert.All(result.Models, model => Assert.Equal(result.Passes.Count, model.Count));
        Assert.Equal(result.Passes.Count, File.ReadLines(PathOf).Count() - 1);
    }

    [Fact]
    public void A_finished_journal_gives_the_same_result_without_measuring_on()
    {
        var first = Measure(Header, new SyntheticDevice(Costs));
        var device = new SyntheticDevice(Costs);
        var again = Measure(Header, device);
        Assert.Equal(first.Passes.Count, again.Passes.Count);
        Assert.Equal(first.Models[2].WallUs, again.Models[2].WallUs);
        // Pilot and warm-up only.
        Assert.True(device.Elapsed < TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_torn_last_line_is_as_if_it_had_never_been_written()
    {
        Interrupt(afterMs: 300);
        var lines = File.ReadAllLines(PathOf);
        File.WriteAllText(PathOf, string.Join('\n', lines)[..^7]);

        var result = Measure(Header, new SyntheticDevice(Costs));

        Assert.All(result.Models, model => Assert.Equal(result.Passes.Count, model.Count));
        Assert.Equal(result.Passes.Count, File.ReadLines(PathOf).Count() - 1);
    }

    [Theory]
    [InlineData("{\"elapsed_ms\":1,\"wall_ns\":[1,2],\"cpu_ns\":[1,2]}")]
    [InlineData("{\"elapsed_ms\":1,\"wall_ns\":[1,2,-7],\"cpu_ns\":[1,2,3]}")]
    [InlineData("{\"elapsed_ms\":1,\"wall_ns\":[1,2,3],\"cpu_ns\":[1,2,3],\"x\":0}")]
    [InlineData("{\"elapsed_ms\":1,\"wall_ns\":null,\"cpu_ns\":[1,2,3]}")]
    [InlineData("rubbish")]
    public void A_line_that_no_measurement_writes_is_not_used(string line)
    {
        Interrupt(afterMs: 300);
        var kept = File.ReadLines(PathOf).Count() - 1;
        File.AppendAllText(PathOf, line + "\n");
        MeasurementJournal.Open(PathOf, Header, TimeProvider.System).Dispose();
        Assert.Equal(kept, File.ReadLines(PathOf).Count() - 1);
    }

    [Fact]
    public void The_journal_of_another_device_or_other_models_is_not_continued()
    {
        Interrupt(afterMs: 300);
        MeasurementJournal.Open(PathOf, Header with { Fingerprint = "another" }, TimeProvider.System).Dispose();
        Assert.Single(File.ReadLines(PathOf));

        Interrupt(afterMs: 300);
        MeasurementJournal.Open(PathOf, Header with { Job = "another" }, TimeProvider.System).Dispose();
        Assert.Single(File.ReadLines(PathOf));
    }

    [Fact]
    public void A_file_that_is_no_journal_is_not_overwritten()
    {
        File.WriteAllText(PathOf, "my notes\n");
        Assert.Throws<InputException>(() => MeasurementJournal.Open(PathOf, Header, TimeProvider.System));
        Assert.Equal("my notes\n", File.ReadAllText(PathOf));
    }

    [Fact]
    public void A_journal_of_an_earlier_version_is_refused_by_name_and_left_alone()
    {
        const string text =
            "{\"schema\":\"hwnas/measurement-journal/1\",\"job\":\"job\",\"fingerprint\":\"fingerprint\",\"models\":3}\n";
        File.WriteAllText(PathOf, text);

        var error = Assert.Throws<InputException>(() => MeasurementJournal.Open(PathOf, Header, TimeProvider.System));

        Assert.Contains("earlier version", error.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", error.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(PathOf));
    }

    [Fact]
    public void A_flipped_bit_is_found_and_the_file_stays_as_it_is()
    {
        Interrupt(afterMs: 300);
        var whole = File.ReadAllBytes(PathOf);
        var lastLine = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(lastLine - 1)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(PathOf, damaged);

            Assert.Throws<InputException>(() => MeasurementJournal.Open(PathOf, Header, TimeProvider.System));
            Assert.Equal(damaged, File.ReadAllBytes(PathOf));
        }
    }

    [Fact]
    public void Disturbed_samples_stay_disturbed()
    {
        var first = Measure(
            Header,
            new SyntheticDevice(Costs) { IsDisturbed = (model, now) => model == 1 && (int)now.TotalMilliseconds % 10 < 4 });
        var again = Measure(Header, new SyntheticDevice(Costs));
        Assert.True(first.Models[1].Disturbed > 0);
        Assert.Equal(first.Models[1].Disturbed, again.Models[1].Disturbed);
    }

    private RotationResult Measure(
        MeasurementJournalHeader header, SyntheticDevice device, CancellationToken cancellation = default)
    {
        using var journal = MeasurementJournal.Open(PathOf, header, device);
        return new Rotation(device, Costs.Length, Settings, device).Measure(journal, null, cancellation);
    }

    private void Interrupt(double afterMs)
    {
        using var source = new CancellationTokenSource();
        var device = new SyntheticDevice(Costs)
        {
            IsDisturbed = (_, now) =>
            {
                if (now.TotalMilliseconds > afterMs)
                    source.Cancel();
                return false;
            },
        };
        Assert.Throws<OperationCanceledException>(() => Measure(Header, device, source.Token));
    }
}
