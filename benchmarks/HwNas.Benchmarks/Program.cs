using BenchmarkDotNet.Running;
using HwNas.Benchmarks;
using HwNas.Benchmarks.Images;
using HwNas.Benchmarks.Search;
using HwNas.Benchmarks.Torture;

// Figures of merit have a name of their own; everything else is timed by BenchmarkDotNet.
switch (args)
{
    case ["search"]:
        new SearchGoals(SearchScale.Full, Console.Out).Run(
            "dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- search",
            Path.Combine(Machine.Root(), "benchmarks", "results", "search.md"),
            TimeProvider.System);
        break;
    case ["search", "--budgets", var path]:
        new SearchGoals(SearchScale.Full, Console.Out).RunBudgets($"search --budgets {path}", path, TimeProvider.System);
        break;
    case ["search", "--short", var path]:
        new SearchGoals(SearchScale.Short, Console.Out).Run($"search --short {path}", path, TimeProvider.System);
        break;
    case ["profiles"]:
        new ProfileGoals(ProfileScale.Full, Console.Out, TimeProvider.System).Run(
            "dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- profiles",
            Path.Combine(Machine.Root(), "benchmarks", "results", "profiles.md"));
        break;
    case ["profiles", "--short", var path]:
        new ProfileGoals(ProfileScale.Short, Console.Out, TimeProvider.System).Run($"profiles --short {path}", path);
        break;
    case [BusyProcesses.Argument]:
        BusyProcesses.Burn();
        break;
    case ["predictors"]:
        new PredictorQuality().Run(Console.Out, TimeProvider.System);
        break;
    case ["tables", var folder]:
        TableConversion.Run(Console.Out, folder);
        break;
    case ["training"]:
        TrainingThroughput.Run(Console.Out, TimeProvider.System);
        break;
    case ["training", "--busy"]:
        TrainingUnderLoad.Run(
            LoadScale.Full, "dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- training --busy",
            Path.Combine(Machine.Root(), "benchmarks", "results", "training-busy.md"), Console.Out, TimeProvider.System);
        break;
    case ["training", "--busy", "--short", var path]:
        TrainingUnderLoad.Run(LoadScale.Short, $"training --busy --short {path}", path, Console.Out, TimeProvider.System);
        break;
    case ["training", "--profile"]:
        new StepProfile(StepProfileScale.Full, Console.Out, TimeProvider.System).Run(
            "dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- training --profile",
            Path.Combine(Machine.Root(), "benchmarks", "results", "training-profile.md"));
        break;
    case ["training", "--profile", "--short", var path]:
        new StepProfile(StepProfileScale.Short, Console.Out, TimeProvider.System).Run($"training --profile --short {path}", path);
        break;
    case ["recipes"]:
        new RecipeStudy(StudyScale.Full, Console.Out, TimeProvider.System).Run(
            "dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- recipes",
            Path.Combine(Machine.Root(), "docs", "studies", "fashion-mnist-supernet.md"));
        break;
    case ["recipes", "--short", var path]:
        new RecipeStudy(StudyScale.Short, Console.Out, TimeProvider.System).Run($"recipes --short {path}", path);
        break;
    case ["images"]:
        ImagesBenchmark.Run(
            ImagesScale.Full, "dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- images",
            Path.Combine(Machine.Root(), "benchmarks", "results", "images.md"), Console.Out, TimeProvider.System);
        break;
    case ["images", "--short", var path]:
        ImagesBenchmark.Run(ImagesScale.Short, $"images --short {path}", path, Console.Out, TimeProvider.System);
        break;
    case ["letters", var folder]:
        Letters.Write(folder, perClass: 200, seed: 1);
        break;
    case ["torture"]:
        return TortureRun.Run(
            TortureScale.Full, "dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- torture",
            Path.Combine(Machine.Root(), "benchmarks", "results", "torture.md"), Console.Out, TimeProvider.System) ? 0 : 1;
    case ["torture", "--short", var path]:
        return TortureRun.Run(TortureScale.Short, $"torture --short {path}", path, Console.Out, TimeProvider.System) ? 0 : 1;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}

return 0;

/// <summary>Without this line ASP.NET, on which agents rest, would make it public.</summary>
internal sealed partial class Program;
