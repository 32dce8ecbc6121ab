using System.Text.Json.Nodes;
using HwNas.Cli;
using HwNas.Core.Files;
using HwNas.Core.Predictors;
using HwNas.Core.Spaces;
using HwNas.Samples;
using HwNas.Tests.RealData;

namespace HwNas.Native.Tests.Commands;

/// <summary>A space and a predictor's file in place of a run.</summary>
public sealed class PredictorCommandTests : IDisposable
{
    private const string Space = "fashion-mnist";

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_linear_predictor_has_an_exact_best_and_an_exact_front()
    {
        var file = Linear();
        var best = JsonNode.Parse(await Run("best", "--space", Space, "--predictor", file, "--macs", "2M", "--json"))!;
        var front = JsonNode.Parse(await Run("search", "--space", Space, "--predictor", file, "--json"))!;
        var text = await Run("best", "--space", Space, "--predictor", file, "--macs", "2M");

        var predicted = (double)best["best"]!["predicted_top1_percent"]!;
        Assert.Equal(predicted, (double)best["bound_percent"]!, 9);
        Assert.True((bool)front["is_exact"]!);
        Assert.Equal(predicted, front["subnets"]!.AsArray()
            .Where(subnet => (double)subnet!["costs"]!["macs"]! <= 2e6)
            .Max(subnet => (double)subnet!["predicted_top1_percent"]!), 9);
        Assert.Contains("is possible in this space within 2.00 M MACs", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_do_not_fit_together_are_refused()
    {
        var file = Linear();
        await Refuses("needs both --space and --predictor", "best", "--predictor", file);
        await Refuses("needs both --space and --predictor", "best", "--predictions", "10");
        await Refuses("--run is about a run", "best", "--space", Space, "--predictor", file, "--run", "x");
        await Refuses("--resume is about a run", "search", "--space", Space, "--predictor", file, "--resume");
        await Refuses("has no gene", "best", "--space", "nas-bench-201", "--predictor", file);
        await Refuses("--latency-us needs a device", "best", "--space", Space, "--predictor", file, "--latency-us", "9");
    }

    [SharedDataFact]
    public async Task The_published_predictor_and_tables_answer_on_the_command_line()
    {
        var (file, profile) = (Path.Combine(_folder, "ofa.json"), Path.Combine(_folder, "note10.json"));
        OfaPredictor.Convert(SharedData.PathOf("ofa/accuracy-predictor.json.gz"), file);
        await Run([
            "profile", "import", "--format", "ofa-yaml", "--space", "ofa-mobilenetv3-w1.2", "--device", "note10",
            "--out", profile,
            .. Directory.GetFiles(SharedData.PathOf("ofa"), "*.yaml"),
        ]);
        string[] asked = ["--space", "ofa-mobilenetv3-w1.2", "--predictor", file, "--profile", profile, "--latency-us", "25000"];

        var best = JsonNode.Parse(await Run(["best", .. asked, "--predictions", "2000", "--json"]))!;
        var front = JsonNode.Parse(await Run(["search", .. asked, "--evaluations", "200", "--finish", "0", "--json"]))!;
        var networks = Path.Combine(_folder, "networks.txt");
        await File.WriteAllTextAsync(networks, (string)best["best"]!["id"]!);
        var cost = JsonNode.Parse(await Run(
            "space", "cost", "ofa-mobilenetv3-w1.2", "--architectures", networks, "--profile", profile, "--json"))!;

        // An annealing of two million steps reached 82.22 % in one of three; once-for-all's own evolution 81.88 %.
        Assert.InRange((double)best["best"]!["predicted_top1_percent"]!, 82, 82.5);
        Assert.Null(best["bound_percent"]);
        Assert.InRange((double)cost["latency_us@note10"]!, 20_000, 25_000);
        Assert.All(
            front["subnets"]!.AsArray(), subnet => Assert.True((double)subnet!["costs"]!["latency_us@note10"]! <= 25_000));
    }

    private string Linear()
    {
        var genes = SearchSpace.Load(Space).Genomes.Genes;
        var file = Path.Combine(_folder, "linear.json");
        StrictJson.WriteFile(file, new PredictorFile(
            PredictorFile.CurrentSchema, "a test", [.. genes.Select(gene => new PredictorInput(gene.Name, gene.Choices))],
            [
                new PredictorLayer(
                    [[.. genes.SelectMany((gene, index) => gene.Choices.Select((_, choice) => choice * (index % 3) / 10.0))]],
                    [80]),
            ]));
        return file;
    }

    private static async Task Refuses(string problem, params string[] args)
    {
        using var error = new StringWriter();
        var context = new CommandContext(TextWriter.Null, error, TimeProvider.System);
        Assert.Equal(ExitCodes.WrongInput, await Program.RunAsync(args, context));
        Assert.Contains(problem, error.ToString().ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static async Task<string> Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = await Program.RunAsync(args, new CommandContext(output, error, TimeProvider.System));
        Assert.True(code == ExitCodes.Done, error.ToString());
        return output.ToString();
    }
}
