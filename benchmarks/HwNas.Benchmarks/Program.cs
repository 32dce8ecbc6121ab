using BenchmarkDotNet.Running;
using HwNas.Benchmarks;

// Figures of merit have a name of their own; everything else is timed by BenchmarkDotNet.
switch (args)
{
    case ["predictors"]:
        PredictorQuality.Run(Console.Out, TimeProvider.System);
        break;
    case ["tables", var folder]:
        TableConversion.Run(Console.Out, folder);
        break;
    case ["training"]:
        TrainingThroughput.Run(Console.Out, TimeProvider.System);
        break;
    case ["macro", var strategy, .. var counts]:
        var macro = new MacroSearch();
        foreach (var count in counts.Select(int.Parse))
        {
            var shares = macro.Shares(strategy, count);
            Console.WriteLine($"{strategy} {count}: mean {shares.Average():0.0000} min {shares.Min():0.0000}");
        }

        break;
    case ["search"]:
        SearchQuality.Run(Console.Out, Path.Combine("benchmarks", "results", "search.md"));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
