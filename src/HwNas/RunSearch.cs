using HwNas.Core;
using HwNas.Core.Search;

namespace HwNas;

/// <summary>A search over the subnets of a run: from its store of evaluations, through a journal, to its front.</summary>
internal static class RunSearch
{
    public static FrontFile Run(
        NasRun run, SearchRequest request, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        var (folder, context) = (run.Folder, run.Context);
        var checkpoint = run.ReadCheckpoint();
        if (!checkpoint.IsComplete)
        {
            throw new InputException(
                $"The training in '{folder.Path}' is unfinished (step {checkpoint.Step} of {checkpoint.Options.Steps}). "
                + "Continue it with 'hwnas train --resume'.");
        }

        var problem = SubnetProblem.Create(checkpoint.Space, request.Profiles, request.Goals, run.Metrics);

        // A budget that nothing keeps and an unknown strategy end here, before anything of an earlier search is replaced.
        _ = request.Options.Description;
        _ = new SearchRun(problem.Search, request.Options, static (_, _) => null, context.Time);
        using var evaluator = run.Evaluate(checkpoint, cancellation);
        var inFlight = Math.Max(request.Options.Threads, evaluator.InFlight);
        request = request with { Options = request.Options with { Threads = inFlight } };
        using var store = evaluator.OpenStore();
        FrontFile.RequireReadable(problem.Example(), store.Before(store.End).Count, request.Options.Evaluations);
        if (!request.Resume)
        {
            File.Delete(folder.Journal);
            File.Delete(folder.SearchMetrics);
        }

        var header = JournalHeader.Of(problem.Search, request.Options, evaluator.Fingerprint) with { Known = store.End };
        using var journal = EvaluationJournal.Open(folder.Journal, header, checkpoint.Space.Genomes, context.Time);
        foreach (var notice in new[] { store.Notice, journal.Notice }.OfType<string>())
            context.Notice(notice);

        // What was known when the search began, even where the store has grown since: so it continues as it would have gone on.
        var known = store.Before(journal.Known);
        if (known.Count > 0)
            context.Notice($"The search begins with {Plural.Of(known.Count, "evaluation")} that the run has.");
        var search = new SearchRun(
            problem.Search, request.Options, store.Through(evaluator.OfGenomes()), context.Time, journal, known);
        using var metrics = SearchMetrics.Open(folder.SearchMetrics);
        var result = search.Run(new Both(metrics, progress), cancellation);
        if (result.StopReason == StopReason.Cancelled)
        {
            throw new InterruptedException(
                $"interrupted; {Plural.Of(result.Evaluated.Length, "evaluation is", "evaluations are")} saved.");
        }

        foreach (var profile in request.Profiles)
            profile.Write(folder.SearchedProfile(profile.Device.Id));
        return RunPredictor.Write(folder, problem.ToFrontFile(result, request.Options, checkpoint), checkpoint.Space);
    }

    // The file of the search's course hears of every batch, and so does the caller.
    private sealed class Both(SearchMetrics metrics, IProgress<SearchProgress>? progress) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            metrics.Report(value);
            progress?.Report(value);
        }
    }
}
