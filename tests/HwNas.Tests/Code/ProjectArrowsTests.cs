using System.Text.RegularExpressions;
using System.Xml.Linq;
using HwNas.Tests.Support;

namespace HwNas.Tests.Code;

/// <summary>Cli → HwNas → Supernet, Onnx → Core, and heavy packages only where a project begins for them.</summary>
public sealed partial class ProjectArrowsTests
{
    [Theory]
    [InlineData("HwNas.Core", "")]
    [InlineData("HwNas.Supernet", "HwNas.Core")]
    [InlineData("HwNas.Onnx", "HwNas.Core")]
    [InlineData("HwNas.Remote", "HwNas.Onnx")]
    [InlineData("HwNas.Agent", "HwNas.Remote")]
    [InlineData("HwNas", "HwNas.Onnx HwNas.Remote HwNas.Supernet")]
    [InlineData("HwNas.Cli", "HwNas")]
    public void Projects_reference_only_what_the_design_allows(string project, string allowed)
    {
        var references = Elements(project, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), references.Order());
    }

    [Theory]
    [InlineData("TorchSharp", "HwNas.Supernet")]
    [InlineData("Microsoft.ML.OnnxRuntime", "HwNas.Onnx")]
    [InlineData("ScottPlot", "HwNas.Cli")]
    [InlineData("SkiaSharp", "HwNas.Supernet")]
    [InlineData("Google.Protobuf", "HwNas.Onnx")]
    [InlineData("Spectre.Console", "HwNas.Cli")]
    [InlineData("YamlDotNet", "HwNas.Cli")]
    public void Each_heavy_package_has_one_home(string package, string home)
    {
        var homes = Directory.GetDirectories(Path.Combine(Repository.Root, "src"), "HwNas*")
            .Select(folder => Path.GetFileName(folder)!)
            .Where(project => Elements(project, "PackageReference").Contains(package));
        Assert.Equal([home], homes);
    }

    [Fact]
    public void Core_needs_no_native_code_but_a_few_calls_of_the_C_library()
    {
        var native = Repository.CSharpFiles("src/HwNas.Core").Where(path => Path.GetFileName(path) != "CLibrary.cs")
            .Where(path => File.ReadAllText(path) is var text
                && (text.Contains("DllImport", StringComparison.Ordinal)
                    || text.Contains("LibraryImport", StringComparison.Ordinal)));
        Assert.Empty(native);
    }

    [Fact]
    public void Package_versions_are_fixed_and_central()
    {
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion").ToList();
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.Matches(@"^\d+(\.\d+)+$", (string?)version.Attribute("Version")));
    }

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"))
            .Descendants(name).Select(element => (string)element.Attribute("Include")!);

    [Fact]
    public void Folders_of_Core_use_only_those_before_them()
    {
        string[] order =
            ["Statistics", "Files", "Graphs", "Spaces", "Metrics", "Data", "Devices", "Pareto", "Predictors", "Search"];
        var wrong = new List<string>();
        foreach (var path in Repository.CSharpFiles("src/HwNas.Core"))
        {
            var folder = Path.GetRelativePath(Path.Combine(Repository.Root, "src", "HwNas.Core"), path)
                .Split(Path.DirectorySeparatorChar)[0];
            if (folder.EndsWith(".cs", StringComparison.Ordinal))
                continue;
            var own = Array.IndexOf(order, folder);
            Assert.True(own >= 0, $"The folder {folder} has no place in the order {string.Join(", ", order)}.");
            wrong.AddRange(CoreFolder().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value)
                .Where(used => Array.IndexOf(order, used) > own)
                .Select(used => $"{folder} uses {used}: {Path.GetFileName(path)}"));
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("HwNas.Core")]
    [InlineData("HwNas.Supernet")]
    [InlineData("HwNas.Onnx")]
    [InlineData("HwNas.Remote")]
    [InlineData("HwNas.Agent")]
    [InlineData("HwNas")]
    [InlineData("HwNas.Cli")]
    public void No_folder_of_a_project_uses_one_that_uses_it(string project)
    {
        var root = Path.Combine(Repository.Root, "src", project);
        var folders = Directory.GetDirectories(root).Select(folder => Path.GetFileName(folder)!).ToList();
        var uses = folders.ToDictionary(folder => folder, folder => folders
            .Where(other => other != folder && Repository.CSharpFiles(Path.Combine(root, folder))
                .Any(path => File.ReadAllText(path).Contains($"using {project}.{other}", StringComparison.Ordinal)))
            .ToList());

        // What uses nothing that is left can be taken away, until nothing is left.
        while (uses.Keys.FirstOrDefault(folder => !uses[folder].Exists(uses.ContainsKey)) is { } lowest)
            uses.Remove(lowest);

        Assert.Empty(uses);
    }

    [Fact]
    public void Every_file_that_the_architecture_names_is_there()
    {
        var files = Repository.CSharpFiles("src").Select(path => path.Replace('\\', '/')).ToList();
        var named = NamedFile().Matches(File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md")))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.InRange(named.Count, 10, 100);
        Assert.All(named, name => Assert.Contains(
            files, path => path.EndsWith($"/{name}", StringComparison.Ordinal)
                || path.EndsWith($"/HwNas.{name}", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"`([A-Za-z/]+\.cs)`")]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"HwNas\.Core\.([A-Za-z]+)")]
    private static partial Regex CoreFolder();
}
