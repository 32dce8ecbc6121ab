using System.Globalization;
using System.IO.Compression;
using System.Text;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Profiling;

namespace HwNas.Onnx.Kits;

/// <summary>
/// A job and its models as one zip file, for devices that no network reaches; it is also what an agent is sent. A kit
/// holds <c>job.json</c>, <c>models/0000.onnx</c> and so on, and for people a README, a manifest and a script that
/// measures with ONNX Runtime's own <c>onnxruntime_perf_test</c>. Kits come from strangers: what one may hold follows
/// from its job, and everything else is refused before it is unpacked. Nothing is ever written to a path that a kit names.
/// </summary>
public sealed class MeasurementKit : IDisposable
{
    /// <summary>Bytes of all models of a kit at most: no kit needs the 64-bit form of zip files.</summary>
    public const long MaxModelBytes = (4L << 30) - (64L << 20);

    private const string JobEntry = "job.json";

    private readonly ZipArchive _archive;
    private readonly string _origin;

    private MeasurementKit(ZipArchive archive, string origin)
    {
        (_archive, _origin) = (archive, origin);
        Bundle = new JobBundle(ReadJob(), Model);
        CheckEntries();
    }

    /// <summary>
    /// The job; its models are read from the file one at a time, when they are asked for. Not for several threads.
    /// </summary>
    public JobBundle Bundle { get; }

    /// <summary>Name of a model's entry.</summary>
    public static string ModelEntry(int number) => string.Create(CultureInfo.InvariantCulture, $"models/{number:0000}.onnx");

    /// <summary>Writes a kit; equal jobs give equal bytes.</summary>
    /// <exception cref="InputException">The file cannot be written, or the models are too large.</exception>
    public static void Write(string path, JobBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (bundle.Job.Models.Sum(model => model.Bytes) is > MaxModelBytes and var bytes)
        {
            throw new InputException(
                $"The models of the job have {bytes} bytes; a kit holds at most {MaxModelBytes}. "
                + "Choose a smaller space, or fewer networks.");
        }

        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, text) in KitTexts.Of(bundle.Job).Prepend((JobEntry, StrictJson.Serialize(bundle.Job))))
                Add(archive, name, Encoding.UTF8.GetBytes(text));
            for (var number = 0; number < bundle.Job.Models.Length; number++)
                Add(archive, ModelEntry(number), bundle.Model(number));
        });
    }

    /// <summary>Opens a kit and checks that it holds what its job names, and nothing else.</summary>
    /// <exception cref="InputException">The file is missing or no kit, or an entry is foreign, missing, there twice or
    /// larger than the job says.</exception>
    /// <param name="path">The file.</param>
    /// <param name="origin">Names it in errors; null by its path.</param>
    public static MeasurementKit Open(string path, string? origin = null) => Guarded(origin ?? path, () =>
    {
        var stream = InputFile.Open(path, origin);
        try
        {
            ZipDirectory.Check(stream, origin ?? path, maxEntries: MeasurementJob.MaxModels + 1 + KitTexts.Names.Count);
            return new MeasurementKit(new ZipArchive(stream, ZipArchiveMode.Read), origin ?? path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    });

    /// <summary>Reads every model once and compares it with the job: a kit that passes can be measured.</summary>
    /// <exception cref="InputException">A model is damaged, or larger than it claims.</exception>
    public void CheckModels()
    {
        for (var number = 0; number < Bundle.Job.Models.Length; number++)
            Bundle.Model(number);
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var stream = entry.Open();
        stream.Write(bytes);
    }

    private MeasurementJob ReadJob()
    {
        if (_archive.Entries.Count(entry => entry.FullName == JobEntry) != 1)
        {
            throw new InputException(
                $"'{_origin}' holds no '{JobEntry}', or two: it is no kit. Make one with 'hwnas profile kit'.");
        }

        var json = Encoding.UTF8.GetString(Read(JobEntry, MeasurementJob.MaxJsonBytes));
        return MeasurementJob.Parse(json, $"{_origin}/{JobEntry}");
    }

    private void CheckEntries()
    {
        var models = Bundle.Job.Models;
        var expected = models.Index().ToDictionary(model => ModelEntry(model.Index), model => model.Item.Bytes);
        if (models.Sum(model => model.Bytes) > MaxModelBytes)
        {
            throw new InputException(
                $"'{_origin}': the models have more than {MaxModelBytes} bytes. Choose a smaller space, or fewer networks.");
        }

        var seen = new HashSet<string>();
        foreach (var entry in _archive.Entries)
        {
            var isModel = expected.TryGetValue(entry.FullName, out var bytes);
            if (!isModel && entry.FullName != JobEntry && !KitTexts.Names.Contains(entry.FullName))
            {
                throw new InputException(
                    $"'{_origin}' holds '{VisibleText.OneLine(entry.FullName[..Math.Min(entry.FullName.Length, 80)])}', "
                    + "which belongs to no kit. Make the kit anew with 'hwnas profile kit'.");
            }

            if (!seen.Add(entry.FullName))
            {
                throw new InputException(
                    $"'{_origin}' holds '{entry.FullName}' twice. Make the kit anew with 'hwnas profile kit'.");
            }

            if (isModel && entry.Length != bytes)
            {
                throw new InputException(
                    $"'{_origin}': '{entry.FullName}' claims {entry.Length} bytes, but its job says {bytes}. "
                    + "Make the kit anew, or copy it again.");
            }
        }

        if (expected.Keys.FirstOrDefault(name => !seen.Contains(name)) is { } missing)
            throw new InputException($"'{_origin}' lacks '{missing}', which its job names. Make the kit anew, or copy it again.");
    }

    private byte[] Model(int number) => Guarded(_origin, () => Read(ModelEntry(number), Bundle.Job.Models[number].Bytes));

    // What an entry claims to hold may be a lie, so the limit counts what comes out.
    private byte[] Read(string name, long maxBytes)
    {
        using var from = _archive.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (from.Read(buffer) is > 0 and var count)
        {
            if (bytes.Length + count > maxBytes)
            {
                throw new InputException(
                    $"'{_origin}': '{name}' unpacks to more than {maxBytes} bytes. Make the kit anew, or copy it again.");
            }

            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    private static T Guarded<T>(string origin, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error)
            when (error is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException(
                $"Cannot read '{origin}' as a kit: {Sentence.Of(error)} Copy it again, or make it anew with 'hwnas profile kit'.",
                error);
        }
    }
}
