using System.Text;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Benchmarks.Torture;

/// <summary>A reader of files or messages that others may have made.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Sample">A whole file, which it reads.</param>
/// <param name="Read">Reads a file's content; only <see cref="HwNasException"/> may come out.</param>
/// <param name="Weight">Its share of the mutants, 1 to 100: less where reading takes long.</param>
internal sealed record Reader(string Name, byte[] Sample, Action<byte[]> Read, int Weight = 100);

/// <summary>What a campaign found of one reader.</summary>
/// <param name="Name">The reader.</param>
/// <param name="Mutants">Damaged files that it was given.</param>
/// <param name="Accepted">Those that it took.</param>
/// <param name="SlowestMs">The longest that it took for one.</param>
/// <param name="MostMiB">The most that it allocated for one.</param>
/// <param name="Faults">What must not be: another exception, too long, too much; with the number of the mutant.</param>
internal sealed record FuzzResult(
    string Name, long Mutants, long Accepted, double SlowestMs, double MostMiB, IReadOnlyList<string> Faults);

/// <summary>
/// Gives damaged files to every reader of untrusted files: each is read or refused with a <see cref="HwNasException"/>, within
/// bounds of time and memory. The mutants follow from the seed and their number alone.
/// </summary>
/// <param name="readers">The readers.</param>
/// <param name="seed">Decides the mutants.</param>
/// <param name="time">Times each.</param>
internal sealed class FuzzCampaign(IReadOnlyList<Reader> readers, int seed, TimeProvider time)
{
    /// <summary>No file of a few kilobytes may take longer, on a busy machine.</summary>
    public const double MostSeconds = 10;

    /// <summary>Nor allocate more, all in all.</summary>
    public const double MostMiB = 300;

    private const int KeptFaults = 5;

    private readonly byte[][] _corpus = [.. readers.Select(reader => reader.Sample)];

    /// <summary>
    /// Runs so many mutants over all readers, by their weights, in turns: wherever it is stopped, all had their share.
    /// </summary>
    public IReadOnlyList<FuzzResult> Run(long mutants, CancellationToken cancellation)
    {
        var tallies = readers.Select((reader, i) => new Tally(reader, i)).ToList();
        var turns = (long)Math.Ceiling((double)mutants / readers.Sum(reader => reader.Weight));
        foreach (var tally in tallies)
            tally.Reader.Read(tally.Reader.Sample);
        for (var turn = 0L; turn < turns && !cancellation.IsCancellationRequested; turn++)
        {
            foreach (var tally in tallies)
                Turn(tally);
        }

        return [.. tallies.Select(tally => tally.Result)];
    }

    private void Turn(Tally tally)
    {
        for (var i = 0; i < tally.Reader.Weight; i++)
        {
            var mutant = Mutant(tally.Reader, tally.Index, tally.Mutants);
            var (began, allocated) = (time.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            var (accepted, fault) = Read(tally.Reader, mutant);
            var ms = time.GetElapsedTime(began).TotalMilliseconds;
            var mib = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (1024.0 * 1024);
            if (ms > 1000 * MostSeconds)
            {
                // Something else may have held this process up: what takes long takes long again.
                began = time.GetTimestamp();
                _ = Read(tally.Reader, mutant);
                ms = Math.Min(ms, time.GetElapsedTime(began).TotalMilliseconds);
            }

            fault ??= ms > 1000 * MostSeconds ? $"{ms:F0} ms" : mib > MostMiB ? $"{mib:F0} MiB" : null;
            tally.Add(accepted, ms, mib, fault);
        }

        // Files that lie beside others are whole again.
        tally.Reader.Read(tally.Reader.Sample);
    }

    private static (bool Accepted, string? Fault) Read(Reader reader, byte[] mutant)
    {
        try
        {
            reader.Read(mutant);
            return (true, null);
        }
        catch (HwNasException)
        {
            // Refused, as it should be.
            return (false, null);
        }
        catch (Exception error)
        {
            var place = error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("HwNas.", StringComparison.Ordinal));
            return (false, $"{error.GetType().Name}: {error.Message.Split('\n')[0]} {place?.Trim()}");
        }
    }

    // Every other file with a hash gets one that fits: whoever can compute it must not get further than others.
    private byte[] Mutant(Reader reader, int index, long number)
    {
        var random = new Random(unchecked((seed * 31) + (index * 1_000_003) + (int)number));
        var mutant = new Mutator(_corpus, random).Of(reader.Sample);
        return random.Next(2) == 0 && Rehashed(mutant) is { } fitting ? fitting : mutant;
    }

    private static byte[]? Rehashed(byte[] file)
    {
        if (file.AsSpan().IndexOf("\"hash\""u8) < 0)
            return null;
        try
        {
            var document = StrictJson.ParseObject(Encoding.UTF8.GetString(file), "a mutant");
            document["hash"] = ContentHash.OfCanonicalJson(document);
            return Encoding.UTF8.GetBytes(document.ToJsonString());
        }
        catch (Exception error) when (error is InputException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private sealed class Tally(Reader reader, int index)
    {
        private readonly List<string> _faults = [];
        private long _accepted;
        private double _slowestMs;
        private double _mostMiB;

        public Reader Reader { get; } = reader;

        public int Index { get; } = index;

        public long Mutants { get; private set; }

        public FuzzResult Result => new(Reader.Name, Mutants, _accepted, _slowestMs, _mostMiB, _faults);

        public void Add(bool accepted, double ms, double mib, string? fault)
        {
            _accepted += accepted ? 1 : 0;
            (_slowestMs, _mostMiB) = (Math.Max(_slowestMs, ms), Math.Max(_mostMiB, mib));
            if (fault is not null && _faults.Count < KeptFaults)
                _faults.Add($"mutant {Mutants}: {fault}");
            Mutants++;
        }
    }
}
