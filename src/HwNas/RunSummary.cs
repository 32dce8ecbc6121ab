using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;

namespace HwNas;

/// <summary>A run at a glance.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Space">The name of its search space; empty where its training cannot be read.</param>
/// <param name="Images">What its images are called.</param>
/// <param name="Steps">Training steps done.</param>
/// <param name="StepsInAll">Training steps to do.</param>
/// <param name="ImagesPerSecond">Images through the whole sandwich per second, since the start or resume; 0 before any.</param>
/// <param name="Batch">Images in a step.</param>
/// <param name="Seed">The seed of its training.</param>
/// <param name="Recipe">How it learns: what differs from the default recipe, as <c>--set</c> takes it.</param>
/// <param name="Accuracy">How accurate the ends of the space were when that was looked at last; null where it never was.</param>
/// <param name="Trained">When the training began, or ended.</param>
/// <param name="Searches">Its finished searches, the newest first.</param>
/// <param name="Problems">What of it could not be read, a message each.</param>
public sealed record RunSummary(
    string Path,
    string Space,
    string Images,
    int Steps,
    int StepsInAll,
    double ImagesPerSecond,
    int Batch,
    int Seed,
    ImmutableArray<string> Recipe,
    CheckedAccuracy? Accuracy,
    DateTimeOffset Trained,
    ImmutableArray<SearchSummary> Searches,
    ImmutableArray<string> Problems)
{
    /// <summary>Looks at a run, whatever state it is in.</summary>
    public static RunSummary Of(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var problems = new List<string>();
        var training = Read(() => TrainingRecord.Read(folder.Training));
        var course = Read(() => TrainingMetrics.Read(folder.Metrics)) ?? [];
        var (searches, fronts) = (new List<SearchFolder>(), new List<FrontFile>());
        foreach (var search in folder.Searches())
        {
            if (Read(search.ReadFront) is not { } front)
                continue;
            searches.Add(search);
            fronts.Add(front);
        }

        return new RunSummary(
            folder.Path, training?.Space.Name ?? "", training?.Data.Name ?? "", course.Count > 0 ? course[^1].Step : 0,
            training?.Options.Steps ?? 0, course.Count > 0 ? course[^1].ImagesPerSecond : 0,
            training?.Options.BatchSize ?? 0, training?.Options.Seed ?? 0,
            [.. training is null ? [] : RecipeFile.Settings(training.Options.Recipe)],
            course.LastOrDefault(metric => metric.Accuracy is not null)?.Accuracy,
            File.GetLastWriteTimeUtc(folder.Training),
            [.. searches.Zip(fronts, FrontShares.Of(fronts))
                .Select(found => SearchSummary.Of(found.First, found.Second, found.Third))],
            [.. problems]);

        T? Read<T>(Func<T> read)
            where T : class
        {
            try
            {
                return read();
            }
            catch (InputException error)
            {
                problems.Add(error.Message);
                return null;
            }
        }
    }
}

/// <summary>A finished search at a glance.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Found">When its front was written.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Objectives">What it optimised, by the metrics' labels.</param>
/// <param name="Budgets">Its limits.</param>
/// <param name="Devices">Its devices.</param>
/// <param name="Evaluated">Subnets that were known in the end.</param>
/// <param name="FrontSize">Subnets on its front.</param>
/// <param name="BestTop1Percent">The highest accuracy within the budgets, in percent.</param>
/// <param name="Chosen">The id of the recommended subnet.</param>
/// <param name="HypervolumePercent">What its front dominates of the box that all searches of the run with these objectives and
/// devices have come upon, in percent; null where that is nothing, or would take too long.</param>
public sealed record SearchSummary(
    string Name,
    DateTimeOffset Found,
    string Strategy,
    int Seed,
    ImmutableArray<string> Objectives,
    ImmutableArray<Budget> Budgets,
    ImmutableArray<string> Devices,
    int Evaluated,
    int FrontSize,
    double BestTop1Percent,
    string Chosen,
    double? HypervolumePercent)
{
    internal static SearchSummary Of(SearchFolder search, FrontFile front, double? share) => new(
        search.Name, File.GetLastWriteTimeUtc(search.Front), front.Strategy, front.Seed,
        [.. front.Objectives.Select(name => front.MetricOf(name).Scale.Label)], front.Budgets,
        [.. front.Profiles.Select(profile => profile.Name)], front.Subnets.Length, front.Front().Count(),
        front.Front().Max(subnet => subnet.Top1Percent), front.Chosen, share);
}
