using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas.Cli.Runs;

/// <summary>Any subnet of a run's space, whether a search has met it or not.</summary>
internal static class AnySubnet
{
    /// <summary>The subnet with its figures; it is evaluated now unless the run knows it.</summary>
    /// <exception cref="InputException">The id is none of the space.</exception>
    public static FrontSubnet Evaluate(
        CommandContext context, RunFolder folder, string id, DataSplits data, int threads, CancellationToken cancellation)
    {
        var checkpoint = SupernetCheckpoint.Read(folder.Checkpoint);
        var space = checkpoint.Space;
        var genome = space.Parse(id, "--subnet");
        var problem = SubnetProblem.Create(
            space, BudgetAnswer.SearchedProfiles(folder), new SubnetGoals([], [], Confidence: null));
        using var store = RunEvaluator.OpenStore(context, folder, checkpoint, data, threads);
        using var supernet = checkpoint.CreateSupernet();
        var evaluate = store.Through(
            GenomeEvaluations.Of(RunEvaluator.Create(context, supernet, checkpoint, data, threads), space));
        var measured = evaluate(genome, cancellation)!;
        return new FrontSubnet(
            space.IdOf(genome), measured[0], measured[1], problem.CostsOf(genome), problem.LatencyOf(space.PlanOf(genome)),
            OnFront: false);
    }
}
