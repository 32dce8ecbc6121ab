using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HwNas.Core.Files;
using HwNas.Core.Networks;
using HwNas.Core.SearchSpaces;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using static TorchSharp.torch;

namespace HwNas.Benchmarks;

/// <summary>
/// The sandwich step against the same step in PyTorch (<c>benchmarks/pytorch/sandwich.py</c>): the same subnets on the
/// same shapes, taking turns, since only ratios within one run mean something on a shared machine.
/// </summary>
internal static class TrainingThroughput
{
    private const string Python = "/usr/bin/python3";
    private const int Rounds = 7;
    private const int WarmupSteps = 3;
    private const int Steps = 12;
    private static readonly TrainingOptions Options = new() { LearningRate = 0.05, Threads = 2 };

    public static void Run(TextWriter output, TimeProvider time)
    {
        var space = SearchSpace.Load("fashion-mnist");
        var random = new Random(1);
        var subnets = Enumerable.Range(0, Options.RandomSubnets * (WarmupSteps + Steps)).Select(_ => space.Decode(space.Genomes.Sample(random))).ToArray();
        var root = Root();
        var list = Path.GetTempFileName();
        File.WriteAllLines(list, subnets.Select(subnet => subnet.Id));

        var started = time.GetUtcNow();
        var rounds = new List<Round>();
        for (var round = 1; round <= Rounds; round++)
        {
            var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
            rounds.Add(new(load, OurImagesPerSecond(space, subnets, time), PyTorchImagesPerSecond(root, list)));
            output.WriteLine($"round {round} of {Rounds}: HwNas {rounds[^1].Ours:0} images/s, PyTorch {rounds[^1].PyTorch:0}");
        }

        File.Delete(list);
        var report = Report(started, rounds);
        AtomicFile.WriteText(Path.Combine(root, "benchmarks/results/training-throughput.md"), report);
        output.Write(report);
    }

    private static double OurImagesPerSecond(SearchSpace space, Architecture[] subnets, TimeProvider time)
    {
        using var scope = NewDisposeScope();
        set_num_threads(Options.Threads);
        using var supernet = new ElasticSupernet(space, seed: 1);
        using var sandwich = new SandwichStep(supernet, Options);
        var (largest, smallest) = (NetworkPlan.Build(space, space.Largest), NetworkPlan.Build(space, space.Smallest));
        var images = empty([Options.BatchSize, 1, 28, 28]).normal_();
        var labels = tensor([.. Enumerable.Range(0, Options.BatchSize).Select(i => (long)(i % 10))]);
        var started = 0L;
        for (var step = 0; step < WarmupSteps + Steps; step++)
        {
            if (step == WarmupSteps)
                started = time.GetTimestamp();
            using var stepScope = NewDisposeScope();
            var sampled = subnets.Skip(step * Options.RandomSubnets).Take(Options.RandomSubnets).Select(subnet => NetworkPlan.Build(space, subnet));
            sandwich.Run(images, labels, largest, [smallest, .. sampled], Options.LearningRate);
        }

        return Steps * Options.BatchSize / time.GetElapsedTime(started).TotalSeconds;
    }

    private static double PyTorchImagesPerSecond(string root, string list)
    {
        string[] arguments =
        [
            "benchmarks/pytorch/sandwich.py", "--subnets", list, "--threads", $"{Options.Threads}",
            "--batch", $"{Options.BatchSize}", "--steps", $"{Steps}", "--warmup", $"{WarmupSteps}",
        ];
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { WorkingDirectory = root, RedirectStandardOutput = true })!;
        var json = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Python} failed; it needs Debian's package python3-torch.");
        return JsonDocument.Parse(json).RootElement.GetProperty("images_per_second").GetDouble();
    }

    private static string Report(DateTimeOffset started, List<Round> rounds)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Sandwich training throughput: HwNas against PyTorch

            Images through the whole sandwich (largest, smallest, {Options.RandomSubnets} random subnets, one optimizer step) per second.
            Made by `dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- training` on {started:yyyy-MM-dd}.

            | | HwNas, images/s | PyTorch, images/s | ratio |
            |---|---|---|---|
            | **median** | **{Median(rounds.Select(r => r.Ours)):0}** | **{Median(rounds.Select(r => r.PyTorch)):0}** | **{Median(rounds.Select(r => r.Ratio)):0.00}** (median of the rounds' ratios) |
            """);
        foreach (var (index, round) in rounds.Index())
            text.AppendLine(CultureInfo.InvariantCulture, $"| round {index + 1} (load {round.Load:0.0} before) | {round.Ours:0} | {round.PyTorch:0} | {round.Ratio:0.00} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            Conditions: {Cpu()}, {Environment.ProcessorCount} logical processors seen, {Options.Threads} threads each; space `fashion-mnist`, batch
            {Options.BatchSize}, {Steps} timed steps after {WarmupSteps} to warm up, in turns; the same subnets in the same order, random images, channels-last.
            HwNas runs with the TorchSharp stand-in; both sides use Debian's libtorch and its oneDNN. Compare ratios, not seconds: a load
            above the number of processors means that others were using the machine.
            """);
        return text.ToString();
    }

    private static string Cpu() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown CPU";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HwNas.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run the benchmarks from within the repository.");
        return folder;
    }

    private sealed record Round(double Load, double Ours, double PyTorch)
    {
        public double Ratio => Ours / PyTorch;
    }
}
