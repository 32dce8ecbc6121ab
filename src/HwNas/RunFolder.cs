using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Search;

namespace HwNas;

/// <summary>The files of a run, all in one folder.</summary>
/// <param name="Path">The folder; it need not exist.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The trained supernet.</summary>
    public string Checkpoint => File("supernet.safetensors");

    /// <summary>What was trained on what (<see cref="TrainingRecord"/>).</summary>
    public string Training => File("training.json");

    /// <summary>The search space, as a file that <c>--space</c> takes.</summary>
    public string Space => File("space.json");

    /// <summary>The course of the training.</summary>
    public string Metrics => File("metrics.jsonl");

    /// <summary>The course of the training, drawn.</summary>
    public string TrainingPng => File("training.png");

    /// <summary>The course of the training, drawn to scale.</summary>
    public string TrainingSvg => File("training.svg");

    /// <summary>The profile of this machine.</summary>
    public string Profile => File("profile.json");

    /// <summary>What was ever evaluated in the run.</summary>
    public string Evaluations => File("evaluations.jsonl");

    /// <summary>The folders of its searches.</summary>
    public string SearchFolders => File("searches");

    /// <summary>The runs in a folder, the one trained last first.</summary>
    /// <param name="path">The folder; it need not exist.</param>
    public static IReadOnlyList<RunFolder> In(string path) =>
    [
        .. Folders(path).Select(folder => new RunFolder(folder))
            .Where(run => System.IO.File.Exists(run.Training))
            .OrderByDescending(run => System.IO.File.GetLastWriteTimeUtc(run.Training))
            .ThenBy(run => run.Path, StringComparer.Ordinal),
    ];

    /// <summary>The finished searches, the newest first.</summary>
    public IReadOnlyList<SearchFolder> Searches() =>
    [
        .. Folders(SearchFolders).Select(System.IO.Path.GetFileName).Append(FrontFile.UsualName).Distinct()
            .Select(name => Search(name!))
            .Where(search => search.IsFinished)
            .OrderByDescending(search => System.IO.File.GetLastWriteTimeUtc(search.Front))
            .ThenBy(search => search.Name, StringComparer.Ordinal),
    ];

    /// <summary>The search of a name; it need not have begun.</summary>
    public SearchFolder Search(string name)
    {
        var own = new SearchFolder(name, System.IO.Path.Combine(SearchFolders, name));

        // Runs of earlier versions have one search, without a folder of its own.
        var only = new SearchFolder(name, Path);
        return name == FrontFile.UsualName && only.IsBegun && !own.IsBegun ? only : own;
    }

    /// <summary>The finished search of a name, or without one the newest.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public SearchFolder Finished(string? name)
    {
        var searches = Searches();
        if (searches.Count == 0)
        {
            throw new InputException(
                $"The run '{Path}' has no finished search: there is no front.json. Search first, with 'hwnas search'.");
        }

        return name is null
            ? searches[0]
            : searches.FirstOrDefault(search => search.Name == name)
                ?? throw new InputException(
                    $"The run '{Path}' has no finished search '{name}'; it has "
                    + $"{string.Join(", ", searches.Select(search => search.Name))}.");
    }

    /// <summary>Makes the folder where it is missing.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot make the folder '{Path}': {error.Message}", error);
        }
    }

    /// <summary>
    /// The right to write into the folder, until it is disposed; null where there is no folder, and so nothing to harm.
    /// </summary>
    /// <exception cref="InputException">Another process writes into it.</exception>
    internal FileLock? Lock(RunContext context) =>
        Directory.Exists(Path) ? FileLock.Take(File(".lock"), Path, context.Worker, context.Time) : null;

    private static IEnumerable<string> Folders(string path) => Directory.Exists(path) ? Directory.EnumerateDirectories(path) : [];

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
