using HwNas.Core.Search;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The samples do what they show, with fewer steps.</summary>
public sealed class SampleTests
{
    [Fact]
    public void A_run_of_the_library_goes_from_images_to_a_verified_model_and_takes_a_strategy_and_an_evaluator()
    {
        using var folder = new TemporaryFolder();
        var (run, data) = (folder.File("run"), folder.File("fashion-mnist"));
        FewImages.Write(data);

        Assert.Matches(@"subnets on the front of 24\b", Sample("profile-and-search", run, "40", data));
        Assert.Single(Directory.GetFiles(Path.Combine(run, "searches/front/models"), "*.onnx"));
        var card = ModelCard.Read(Directory.GetFiles(Path.Combine(run, "searches/front/models"), "*.json").Single());
        Assert.Equal(FewImages.Test, card.Verifications.Single().TestImages);

        var climbed = Sample("own-strategy", run);
        Assert.Contains("hill-climbing", climbed, StringComparison.Ordinal);
        Assert.Equal("hill-climbing", FrontFile.Read(Path.Combine(run, "searches/front-2/front.json")).Strategy);

        Assert.Contains("worst class", Sample("own-evaluator", run), StringComparison.Ordinal);
        Assert.Contains(
            Directory.GetFiles(run, "*.journal", SearchOption.AllDirectories),
            journal => File.ReadAllText(journal).Contains("\"in_flight\":2", StringComparison.Ordinal));
        var mixed = Tool.Run(folder.Path, "best", "--run", run, "--macs", "2M");
        Assert.True(mixed.ExitCode == 2, mixed.ToString());
        Assert.Contains("measured in another way", mixed.Error, StringComparison.Ordinal);
        Assert.Equal(4, FrontFile.Read(Path.Combine(run, "searches/front-3/front.json")).Subnets.Length);
    }

    [Fact]
    public void A_space_of_ones_own_is_a_class()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("8 of 8 networks evaluated", Sample("own-space", folder.File("run"), "20"), StringComparison.Ordinal);
    }

    private static string Sample(params string[] arguments)
    {
        var result = Tool.RunProgram(
            "dotnet", AppContext.BaseDirectory, [Path.Combine(AppContext.BaseDirectory, "HwNas.Samples.dll"), .. arguments]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }
}
