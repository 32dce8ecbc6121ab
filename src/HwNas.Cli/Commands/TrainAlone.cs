using HwNas.Core;
using static System.FormattableString;

namespace HwNas.Cli.Commands;

/// <summary>The training of a single network, and what came of it.</summary>
internal static class TrainAlone
{
    /// <summary>Trains, judges by all validation images, and says how to go on.</summary>
    public static void Run(CommandContext context, NasRun run, TrainRequest request, CancellationToken cancellation)
    {
        var outcome = TrainCommand.Run(context, run, request, cancellation);
        var id = run.Space.IdOf(run.Space.Largest);
        var accuracy = run.Accuracy(id, cancellation);
        context.Out.WriteLine(context.Screen.Fold(
            Invariant($"{id}: {accuracy.Top1Percent:F2} % of {Plural.Of(accuracy.Images, "validation image")} ")
            + Invariant($"({outcome.Seconds:F0} s of training)")));
        context.Out.WriteLine(run.Folder.Checkpoint);
    }
}
