using System.Text.RegularExpressions;
using HwNas.Tests.Support;

namespace HwNas.Tests.Code;

public sealed partial class SourceRulesTests
{
    private static readonly string[] Roots = ["src", "tests", "benchmarks", "samples"];

    // As .editorconfig says; the compiler does not look at it.
    private const int MostColumns = 130;

    [Fact]
    public void No_line_is_longer_than_the_style_allows()
    {
        var wrong = new List<string>();
        foreach (var path in Roots.SelectMany(Repository.CSharpFiles))
        {
            wrong.AddRange(File.ReadLines(path).Index()
                .Where(line => line.Item.Length > MostColumns)
                .Select(line => $"{Path.GetRelativePath(Repository.Root, path)}({line.Index + 1}): {line.Item.Length} columns"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_editor_is_told_the_same_longest_line() =>
        Assert.Contains($"max_line_length = {MostColumns}", File.ReadLines(Path.Combine(Repository.Root, ".editorconfig")));

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong = new List<string>();
        foreach (var root in Roots)
        {
            foreach (var path in Repository.CSharpFiles(root))
            {
                var match = NamespaceLine().Match(File.ReadAllText(path));
                var folder = Path.GetRelativePath(Path.Combine(Repository.Root, root), Path.GetDirectoryName(path)!)
                    .Replace('/', '.');
                if (match.Success && match.Groups[1].Value != folder)
                    wrong.Add($"{Path.GetRelativePath(Repository.Root, path)}: {match.Groups[1].Value}, not {folder}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_source_file_holds_a_loose_end()
    {
        var loose = Repository.CSharpFiles("src")
            .Where(path => LooseEnd().IsMatch(File.ReadAllText(path)))
            .Select(path => Path.GetRelativePath(Repository.Root, path));
        Assert.Empty(loose);
    }

    // Elsewhere than on the CPU a tensor of the CPU among others is an error, which no test without a GPU may see.
    [Fact]
    public void What_makes_tensors_names_their_device_where_it_may_be_another_than_the_cpu()
    {
        string[] ofTheCpu =
        [
            "CheckedConvolution", "DepthwiseWeightGradient", "Dropping", "ImageBatches", "SharedWeights", "SupernetCheckpoint",
        ];
        var wrong = Repository.CSharpFiles("src/HwNas.Supernet").Concat(Repository.CSharpFiles("src/HwNas"))
            .Where(path => !ofTheCpu.Contains(Path.GetFileNameWithoutExtension(path)))
            .SelectMany(path => File.ReadLines(path)
                .Where(line => TensorFactory().IsMatch(line) && !line.Contains("device", StringComparison.OrdinalIgnoreCase))
                .Select(line => $"{Path.GetRelativePath(Repository.Root, path)}: {line.Trim()}"));
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"(?<![\w.])(zeros|ones|empty|full|rand|randn|arange|tensor|from_array|empty_strided)\(")]
    private static partial Regex TensorFactory();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex LooseEnd();
}
