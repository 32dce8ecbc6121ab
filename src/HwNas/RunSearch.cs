using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Search;

namespace HwNas;

/// <summary>A search over the subnets of a run: from its store of evaluations, through a journal, to its front.</summary>
internal static class RunSearch
{
    public static FrontFile Run(
        NasRun run, SearchRequest request, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        var context = run.Context;
        var checkpoint = run.ReadCheckpoint();
        if (!checkpoint.IsComplete)
        {
            throw new InputException(
                $"The training in '{run.Folder.Path}' is unfinished (step {checkpoint.Step} of {checkpoint.Options.Steps}). "
                + $"Continue it with:\n  hwnas train --out {ShellWord.Of(run.Folder.Path)} --resume");
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
        var header = JournalHeader.Of(problem.Search, request.Options, evaluator.Fingerprint) with { Known = store.End };
        var folder = Claim(run, header, problem.Names(request.Goals));
        if (!request.Resume)
            folder.DeleteCourse();
        using var journal = EvaluationJournal.Open(folder.Journal, header, checkpoint.Space.Genomes, context.Time);
        foreach (var notice in new[] { store.Notice, journal.Notice }.OfType<string>())
            context.Notice(notice);

        // What was known when the search began, even where the store has grown since: so it continues as it would have gone on.
        var known = store.Before(journal.Known);
        if (known.Count > 0)
            context.Notice($"The search begins with {Plural.Of(known.Count, "evaluation")} that the run has.");
        var search = new SearchRun(
            problem.Search, request.Options, store.Through(evaluator.OfGenomes()), context.Time, journal, known);
        using var metrics = SearchMetrics.Open(folder.Metrics);
        var result = search.Run(new Both(metrics, progress), cancellation);
        if (result.StopReason == StopReason.Cancelled)
        {
            throw new InterruptedException(
                $"interrupted; {Plural.Of(result.Evaluated.Length, "evaluation is", "evaluations are")} saved.");
        }

        foreach (var profile in request.Profiles)
            profile.Write(folder.SearchedProfile(profile.Device.Id));
        var before = folder.IsFinished ? ContentHash.OfFile(folder.Front) : null;
        var front = RunPredictor.Write(
            folder, problem.ToFrontFile(folder.Name, result, request.Options, checkpoint), checkpoint.Space);
        if (before is not null && ContentHash.OfFile(folder.Front) != before)
            folder.DeletePictures();
        return front;
    }

    // The folder of this very search, or of a new one: what another search found is never replaced.
    private static SearchFolder Claim(NasRun run, JournalHeader header, IEnumerable<string> names)
    {
        if (run.SearchName is { } given)
        {
            var folder = run.Folder.Search(given);
            return Difference(folder, header) is not { } problem
                ? folder
                : throw new InputException(
                    $"'{given}' of the run '{run.Folder.Path}' is another search: {problem}. Choose another --name, leave it "
                    + "out, or give that search's options.");
        }

        var folders = names.Select(run.Folder.Search);
        var own = folders.First(folder => Difference(folder, header) is null);
        if (folders.First() is var usual && usual != own)
            run.Context.Notice($"'{usual.Name}' is another search; this one is called '{own.Name}'.");
        return own;
    }

    // What makes a folder that of another search; null where nothing does.
    private static string? Difference(SearchFolder folder, JournalHeader header)
    {
        if (!folder.IsBegun)
            return null;
        try
        {
            var differences = EvaluationJournal.Differences(folder.Journal, header);
            return differences.Count > 0 ? string.Join("; ", differences) : null;
        }
        catch (InputException error)
        {
            return error.Message;
        }
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
