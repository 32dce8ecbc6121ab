using System.Globalization;
using HwNas.Core;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;

namespace HwNas.Cli.Commands;

/// <summary>What to do about a training that diverged: commands that users can copy.</summary>
internal static class DivergedTraining
{
    /// <summary>What happened, and how to go on.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="folder">The run.</param>
    /// <param name="command">The command that trained, such as <c>hwnas quickstart</c>.</param>
    public static string Advice(DivergedException error, RunFolder folder, string command)
    {
        var target = error.CanContinue ? folder.Path : Free(folder.Path);
        string[] words =
        [
            "hwnas", "train", .. error.CanContinue ? ["--resume"] : OptionsOf(folder), "--out", target,
            "--learning-rate", error.SmallerRate.ToString("G2", CultureInfo.InvariantCulture),
        ];
        var then = command.EndsWith(" train", StringComparison.Ordinal) ? ""
            : error.CanContinue ? ". Give this, then the same command again"
            : $". Give this, then the same command with --out {ShellWord.Of(target)}";
        return $"{error.Message.TrimEnd('.')}{then}:\n  {string.Join(' ', words.Select(ShellWord.Of))}";
    }

    private static string[] OptionsOf(RunFolder folder)
    {
        var record = TrainingRecord.Read(folder.Training);
        var options = record.Options;
        return
        [
            "--space", folder.Space, "--data", record.Data.Spec, "--steps", $"{options.Steps}", "--batch", $"{options.BatchSize}",
            "--seed", $"{options.Seed}",
            .. RecipeFile.Settings(options.Recipe)
                .Where(setting => !setting.StartsWith("learning_rate", StringComparison.Ordinal))
                .SelectMany(setting => new[] { "--set", setting }),
        ];
    }

    private static string Free(string path) => Enumerable.Range(2, int.MaxValue - 2)
        .Select(number => string.Create(CultureInfo.InvariantCulture, $"{path.TrimEnd('/')}-{number}"))
        .First(place => !Path.Exists(place));
}
