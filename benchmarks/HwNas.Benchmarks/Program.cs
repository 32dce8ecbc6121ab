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
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
