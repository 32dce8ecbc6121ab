using System.Diagnostics;
using System.Globalization;
using System.Text;
using HwNas.Core.Data;
using HwNas.Core.Files;
using HwNas.Supernet.Data;
using HwNas.Supernet.Data.Augmenting;
using HwNas.Supernet.Training;

namespace HwNas.Benchmarks.Images;

/// <summary>How much is measured.</summary>
/// <param name="PerClass">Pictures of each of two classes, of the smaller size.</param>
/// <param name="Rounds">Turns of each decoder.</param>
/// <param name="BatchSize">Images in a training step.</param>
/// <param name="Steps">Training steps in <c>photos</c>; six times as many in <c>small-images</c>.</param>
internal sealed record ImagesScale(int PerClass, int Rounds, int BatchSize, int Steps)
{
    public static ImagesScale Full { get; } = new(24, 5, 32, 5);

    /// <summary>So short that a test can run it; its figures say nothing.</summary>
    public static ImagesScale Short { get; } = new(4, 1, 2, 1);
}

/// <summary>
/// From JPEG files to what a training step takes: decoding and augmentation by what HwNas uses and by libvips, in turns, and the
/// share of its time for which training waits for images.
/// </summary>
internal static class ImagesBenchmark
{
    private static readonly ImageShape Shape = new(3, 224, 224);
    private static readonly Augmentation Varied = Augmentation.Load("imagenet");

    // ImageNet's usual size, and that of a small camera.
    private static readonly (int Width, int Height)[] Sizes = [(500, 375), (1600, 1200)];

    // Each space with the side that its images are decoded to.
    private static readonly (string Space, int Side, int StepsFactor)[] Trainings =
        [("photos", 224, 1), ("small-images", 64, 6)];

    /// <summary>Measures and writes a report in Markdown.</summary>
    public static void Run(ImagesScale scale, string command, string path, TextWriter output, TimeProvider time)
    {
        PictureDecoder.RequireVips();
        var started = time.GetUtcNow();
        var folder = Directory.CreateTempSubdirectory("hwnas-");
        try
        {
            var speeds = new List<Speed>();
            foreach (var (width, height) in Sizes)
            {
                // Fewer of the larger ones, which take as much longer.
                var perClass = Math.Max(1, scale.PerClass * Sizes[0].Width / width);
                var files = MadePhotos.Write(Path.Combine(folder.FullName, $"{width}"), perClass, width, height);
                speeds.AddRange(Compare($"{width} x {height}", files, scale.Rounds));
            }

            var waits = Trainings.Select(training => Train(
                training.Space, Path.Combine(folder.FullName, $"{Sizes[0].Width}"), training.Side,
                new TrainingOptions
                {
                    BatchSize = scale.BatchSize, Steps = scale.Steps * training.StepsFactor,
                    Recipe = new() { Augmentation = Varied },
                })).ToList();
            var report = Report(command, started, speeds, waits);
            AtomicFile.WriteText(path, report);
            output.Write(report);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Both decoders take turns, first of all once to warm up.
    private static IEnumerable<Speed> Compare(string size, IReadOnlyList<string> files, int rounds)
    {
        var bytes = (long)files.Average(file => new FileInfo(file).Length);
        foreach (var augments in (bool[])[false, true])
        {
            var augmenter = new ImageAugmenter(augments ? Varied : Augmentation.Load("none"), Shape);
            var turns = new List<(double Ours, double Vips)>();
            for (var round = -1; round < rounds; round++)
            {
                var turn = (PerCore(PictureDecoder.Ours), PerCore(PictureDecoder.Vips));
                if (round >= 0)
                    turns.Add(turn);
            }

            yield return new Speed(size, bytes, augments, turns);

            // Images for each second of processor time, of all threads.
            double PerCore(PictureDecoder decoder)
            {
                var processor = Environment.CpuUsage.TotalTime;
                foreach (var (i, file) in files.Index())
                    augmenter.Apply(decoder.Decode(file, Shape), new Random(i));
                return files.Count / (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
            }
        }
    }

    private static Wait Train(string space, string folder, int side, TrainingOptions options)
    {
        var data = DataSets.Open($"{folder}@{side}x{side}");
        var run = new NasRun(Path.Combine(folder, "..", space), DataSpace.For(space, data));
        var progress = new Last();
        run.Train(new TrainRequest(data) { Options = options }, progress);
        using var process = Process.GetCurrentProcess();
        return new Wait(
            space, side, options, progress.Value!.ImagesPerSecond, progress.Value.WaitedForDataPercent,
            process.PeakWorkingSet64 / (1024 * 1024));
    }

    private static string Report(string command, DateTimeOffset started, List<Speed> speeds, List<Wait> waits)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # From JPEG files to a training step

            Made by `{command}` on {started:yyyy-MM-dd}: {Machine.Conditions()}.

            Decoding to {Shape.Width} x {Shape.Height} pixels, and the augmentation `imagenet` after it; images for each second
            of processor time (of a core that does nothing else), the median of {speeds[0].Turns.Count} turns. SkiaSharp, with a
            resize of our own, is what HwNas uses; libvips shrinks and resizes in its own pipeline. Augmentation is the same.

            | JPEG files | what | SkiaSharp, images/s/core | NetVips, images/s/core | ratio (all turns) |
            |---|---|---|---|---|
            """);
        foreach (var speed in speeds)
            text.AppendLine(speed.Row);
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            Share of the time for which the training step waits for images, the first batch included. Pictures are decoded once,
            when the data set is opened; two threads then read, vary and normalise the batches of the next two steps.

            | space | images | batch | steps | threads | images/s | waited | memory of the process, at most |
            |---|---|---|---|---|---|---|---|
            """);
        foreach (var wait in waits)
            text.AppendLine(wait.Row);
        text.AppendLine();
        text.AppendLine("Compare ratios, not seconds: a load above one means that others were using the machine.");
        return text.ToString();
    }

    private sealed record Speed(string Size, long Bytes, bool Augments, IReadOnlyList<(double Ours, double Vips)> Turns)
    {
        public string Row
        {
            get
            {
                var ratios = Turns.Select(turn => turn.Ours / turn.Vips).ToList();
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {Size}, {Bytes / 1000.0:F0} kB | {(Augments ? "decoding and augmentation" : "decoding")} "
                    + $"| {Machine.Median(Turns.Select(turn => turn.Ours)):F0} "
                    + $"| {Machine.Median(Turns.Select(turn => turn.Vips)):F0} "
                    + $"| {Machine.Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2}) |");
            }
        }
    }

    private sealed record Wait(
        string Space, int Side, TrainingOptions Options, double ImagesPerSecond, double WaitedPercent, long PeakMiB)
    {
        public string Row => string.Create(
            CultureInfo.InvariantCulture,
            $"| `{Space}` | {Side} x {Side} | {Options.BatchSize} | {Options.Steps} | {Options.Threads} | {ImagesPerSecond:F1} "
            + $"| {WaitedPercent:F2} % | {PeakMiB:N0} MiB |");
    }

    private sealed class Last : IProgress<TrainingProgress>
    {
        public TrainingProgress? Value { get; private set; }

        public void Report(TrainingProgress value) => Value = value;
    }
}
