using System.Globalization;
using HwNas.Supernet.Data;

namespace HwNas.Samples;

/// <summary><c>dotnet run -c Release --project samples/HwNas.Samples -- SAMPLE [FOLDER] [STEPS] [DATA]</c></summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["ofa-predictor", var from, var to])
        {
            OfaPredictor.Convert(from, to);
            return 0;
        }

        var folder = args.Length > 1 ? args[1] : Path.Combine("runs", "sample");
        var steps = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1000;
        var data = args.Length > 3 ? args[3] : DataSets.DefaultSpec;
        switch (args.FirstOrDefault())
        {
            case "profile-and-search":
                await ProfileAndSearch.RunAsync(folder, steps, data);
                return 0;
            case "own-space":
                OwnSpace.Run(folder, steps);
                return 0;
            case "own-strategy":
                OwnStrategy.Run(folder);
                return 0;
            case "own-evaluator":
                OwnEvaluator.Run(folder);
                return 0;
            default:
                await Console.Error.WriteLineAsync(
                    "Name a sample: profile-and-search, then own-strategy or own-evaluator on its run; own-space; "
                    + "or ofa-predictor with two files.");
                return 2;
        }
    }
}
