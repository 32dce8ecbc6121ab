using HwNas.Core.Search;

namespace HwNas;

/// <summary>The files of one search of a run: its course, what it found, and what was made of that.</summary>
/// <param name="Name">What it is called: the name of its folder.</param>
/// <param name="Path">The folder; it need not exist.</param>
public sealed record SearchFolder(string Name, string Path)
{
    /// <summary>What the search asked for, in its order.</summary>
    public string Journal => File("search.journal");

    /// <summary>The course of the search.</summary>
    public string Metrics => File("search.metrics.jsonl");

    /// <summary>The result of the search.</summary>
    public string Front => File("front.json");

    /// <summary>The last answer under a budget.</summary>
    public string Best => File("best.json");

    /// <summary>Exported models, unless other places are named.</summary>
    public string Models => File("models");

    /// <summary>The front, drawn.</summary>
    public string PlotPng => File("pareto.png");

    /// <summary>The front, drawn to scale.</summary>
    public string PlotSvg => File("pareto.svg");

    /// <summary>The search's course, drawn.</summary>
    public string HypervolumePng => File("hypervolume.png");

    /// <summary>The search's course, drawn to scale.</summary>
    public string HypervolumeSvg => File("hypervolume.svg");

    /// <summary>The report.</summary>
    public string Report => File("report.html");

    /// <summary>Whether it has found a front.</summary>
    public bool IsFinished => System.IO.File.Exists(Front);

    /// <summary>Whether it has begun.</summary>
    public bool IsBegun => IsFinished || System.IO.File.Exists(Journal);

    /// <summary>The copy of a device's profile that the search used.</summary>
    public string SearchedProfile(string device) => System.IO.Path.Combine(Path, "profiles", $"{device}.json");

    /// <summary>Where a subnet is exported to unless another place is named.</summary>
    /// <param name="id">The subnet.</param>
    /// <param name="suffix">The form's (<see cref="Onnx.Export.ModelForm.Suffix"/>).</param>
    public string Model(string id, string suffix = "") => System.IO.Path.Combine(Models, $"{id}{suffix}.onnx");

    /// <summary>Reads the front.</summary>
    /// <exception cref="Core.InputException">It is missing, damaged or of another version.</exception>
    public FrontFile ReadFront() => FrontFile.Read(Front) with { Name = Name };

    /// <summary>Deletes the course, so that the search begins anew.</summary>
    internal void DeleteCourse() => Delete(Journal, Metrics);

    /// <summary>Deletes what shows the front, which another one takes the place of. Exported models stay what they are.</summary>
    internal void DeletePictures() => Delete(Best, PlotPng, PlotSvg, HypervolumePng, HypervolumeSvg, Report);

    private void Delete(params ReadOnlySpan<string> files)
    {
        if (!Directory.Exists(Path))
            return;
        foreach (var file in files)
            System.IO.File.Delete(file);
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
