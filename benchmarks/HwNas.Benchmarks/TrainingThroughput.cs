using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HwNas.Core.Files;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Benchmarks;

/// <summary>
/// The sandwich step against the same step in PyTorch (<c>benchmarks/pytorch/sandwich.py</c>): the same subnets on the
/// same shapes, taking turns, since only ratios within one run mean something on a shared machine. With one thread, the
/// ratio of processor times holds on a busy machine too.
/// </summary>
internal static class TrainingThroughput
{
    private const string Python = "/usr/bin/python3";
    private const int Rounds = 4;
    private const int CompilationSteps = 20;
    private const int WarmupSteps = 2;
    private const int Steps = 8;

    // What HwNas sets for itself (NativeAllocator), as glibc reads it from the environment.
    private static readonly Dictionary<string, string> KeepFreedMemory = new()
    {
        ["MALLOC_MMAP_MAX_"] = "0",
        ["MALLOC_TRIM_THRESHOLD_"] = $"{int.MaxValue}",
        ["MALLOC_TOP_PAD_"] = $"{64 << 20}",
    };

    public static void Run(TextWriter output, TimeProvider time)
    {
        var space = MbConvSpace.Load("fashion-mnist");
        var subnets = TrainingSpeed.Subnets(space, WarmupSteps + Steps);
        var root = Machine.Root();
        var list = Path.GetTempFileName();
        File.WriteAllLines(list, subnets.Select(subnet => subnet.Id));

        var started = time.GetUtcNow();
        var rounds = new List<Round>();
        TrainingSpeed.WarmUp(space, CompilationSteps, time);
        for (var i = 0; i < 2 * Rounds; i++)
        {
            var threads = 1 + (i % 2);
            rounds.Add(new(
                threads,
                TrainingSpeed.Measure(space, subnets, threads, WarmupSteps, time),
                PyTorch(root, list, threads, []),
                PyTorch(root, list, threads, KeepFreedMemory)));
            output.WriteLine(rounds[^1].Row);
        }

        File.Delete(list);
        if (rounds.Any(round => round.Ours.Parameters != round.Theirs.Parameters))
            throw new InvalidOperationException("The two networks differ.");
        var report = Report(started, rounds);
        AtomicFile.WriteText(Path.Combine(root, "benchmarks/results/training-throughput.md"), report);
        output.Write(report);
    }

    private static TrainingSpeed PyTorch(string root, string list, int threads, Dictionary<string, string> environment)
    {
        string[] arguments =
        [
            "benchmarks/pytorch/sandwich.py", "--subnets", list, "--threads", $"{threads}",
            "--batch", $"{TrainingSpeed.Options.BatchSize}", "--steps", $"{Steps}", "--warmup", $"{WarmupSteps}",
        ];
        var start = new ProcessStartInfo(Python, arguments) { WorkingDirectory = root, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var json = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Python} failed; it needs Debian's package python3-torch.");
        var result = JsonDocument.Parse(json).RootElement;
        return new TrainingSpeed(
            result.GetProperty("images_per_second").GetDouble(), result.GetProperty("processor_ms_per_step").GetDouble(),
            result.GetProperty("parameters").GetInt64());
    }

    private static string Report(DateTimeOffset started, List<Round> rounds)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Sandwich training throughput: HwNas against PyTorch

            Images through the whole sandwich (largest, smallest, {TrainingSpeed.Options.Recipe.RandomSubnets} random subnets,
            one optimizer step) per second.
            Made by `dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- training` on {started:yyyy-MM-dd}.
            """);
        text.AppendLine();
        text.AppendLine(
            "| threads | HwNas, images/s | PyTorch, images/s | ratio | PyTorch with `malloc` settings, images/s | ratio "
            + "| processor ms/step of the three |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var round in rounds.OrderBy(round => round.Threads))
            text.AppendLine(round.Row);
        foreach (var group in rounds.GroupBy(round => round.Threads))
        {
            var (ratio, toTuned) = (
                Machine.Median(group.Select(r => r.Ratio)), Machine.Median(group.Select(r => r.RatioToTuned)));
            text.AppendLine(CultureInfo.InvariantCulture, $"""

                With {group.Key} thread(s), HwNas is **{ratio:0.00}** times as fast as PyTorch (median), and **{toTuned:0.00}**
                times as fast as PyTorch with `malloc` settings.
                """);
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"""

            Conditions: {Machine.Conditions()}; space `fashion-mnist`
            ({rounds[0].Ours.Parameters:N0} shared parameters on both sides), batch {TrainingSpeed.Options.BatchSize},
            {Steps} timed steps after {WarmupSteps} to warm up, in turns; the same subnets in the same order, random images,
            channels-last. HwNas runs on TorchSharp with libtorch 2.10, PyTorch is Debian's (libtorch 1.13); both use oneDNN.
            The `malloc` settings are those that HwNas gives itself: glibc keeps freed memory, which saves thousands of page
            faults a step. Compare ratios, not seconds: a load above the number of processors means that others were using the
            machine, which hurts two threads that wait for each other most.
            """);
        return text.ToString();
    }

    private sealed record Round(int Threads, TrainingSpeed Ours, TrainingSpeed Theirs, TrainingSpeed Tuned)
    {
        public double Ratio => Ours.ImagesPerSecond / Theirs.ImagesPerSecond;

        public double RatioToTuned => Ours.ImagesPerSecond / Tuned.ImagesPerSecond;

        public string Row => string.Create(
            CultureInfo.InvariantCulture,
            $"| {Threads} | {Ours.ImagesPerSecond:0} | {Theirs.ImagesPerSecond:0} | {Ratio:0.00} | {Tuned.ImagesPerSecond:0} "
            + $"| {RatioToTuned:0.00} | {Ours.ProcessorMsPerStep:0} / {Theirs.ProcessorMsPerStep:0} "
            + $"/ {Tuned.ProcessorMsPerStep:0} |");
    }
}
