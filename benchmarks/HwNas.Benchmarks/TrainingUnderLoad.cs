using System.Globalization;
using System.Text;
using HwNas.Core.Files;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Benchmarks;

/// <summary>How long training under load is measured.</summary>
/// <param name="CompilationSteps">Steps at the start, while .NET compiles.</param>
/// <param name="Rounds">Turns of each kind.</param>
/// <param name="WarmupSteps">Steps that are not timed, in each turn.</param>
/// <param name="Steps">Steps that are timed, in each turn.</param>
/// <param name="Load">Busy processes beside.</param>
internal sealed record LoadScale(int CompilationSteps, int Rounds, int WarmupSteps, int Steps, int Load)
{
    public static LoadScale Full { get; } = new(20, 5, 2, 8, 8);

    /// <summary>So short that a test can run it; its figures say nothing.</summary>
    public static LoadScale Short { get; } = new(1, 1, 1, 1, 1);
}

/// <summary>
/// The sandwich step with one thread and with two, while nothing else runs and while other processes keep the machine
/// busy, taking turns. A second thread must not cost speed when it finds no processor of its own.
/// </summary>
internal static class TrainingUnderLoad
{
    /// <summary>Measures and writes a report in Markdown.</summary>
    public static void Run(LoadScale scale, string command, string path, TextWriter output, TimeProvider time)
    {
        var space = MbConvSpace.Load("fashion-mnist");
        var subnets = TrainingSpeed.Subnets(space, scale.WarmupSteps + scale.Steps);
        var started = time.GetUtcNow();
        TrainingSpeed.WarmUp(space, scale.CompilationSteps, time);
        var rows = new List<Row>();
        for (var round = 0; round < scale.Rounds; round++)
        {
            foreach (var load in (int[])[0, scale.Load])
            {
                using var others = new BusyProcesses(load);
                rows.Add(new(load, Speed(1), Speed(2)));
                output.WriteLine(rows[^1]);
            }
        }

        var report = Report(scale, command, started, rows);
        AtomicFile.WriteText(path, report);
        output.Write(report);

        double Speed(int threads) => TrainingSpeed.Measure(space, subnets, threads, scale.WarmupSteps, time).ImagesPerSecond;
    }

    private static string Report(LoadScale scale, string command, DateTimeOffset started, List<Row> rows)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Sandwich training on a busy machine

            Images through the whole sandwich (largest, smallest, {TrainingSpeed.Options.Recipe.RandomSubnets} random subnets,
            one optimizer step) per second, with one thread and with two. Made by `{command}` on {started:yyyy-MM-dd}.

            | busy processes beside | 1 thread, images/s | 2 threads, images/s | ratio |
            |---|---|---|---|
            """);
        foreach (var row in rows.OrderBy(row => row.Load))
            text.AppendLine(row.ToString());
        text.AppendLine();
        foreach (var group in rows.GroupBy(row => row.Load))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"With {group.Key} busy processes beside, the median ratio of two threads to one is "
                + $"**{Machine.Median(group.Select(row => row.Ratio)):0.00}**.");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"""

            Conditions: {Machine.Conditions()}; space `fashion-mnist`, batch {TrainingSpeed.Options.BatchSize},
            {scale.Steps} timed steps after {scale.WarmupSteps} to warm up, in turns.
            """);
        return text.ToString();
    }

    private sealed record Row(int Load, double OneThread, double TwoThreads)
    {
        public double Ratio => TwoThreads / OneThread;

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"| {Load} | {OneThread:0} | {TwoThreads:0} | {Ratio:0.00} |");
    }
}
