using System.Globalization;
using System.Text;
using HwNas.Core.Search;

namespace HwNas.Benchmarks;

/// <summary>What issue 4 asks of the search engine, measured by one command; the result is a report.</summary>
internal static class SearchQuality
{
    private const int OfaEvaluations = 20_000;
    private static readonly int[] EvaluationCounts = [100, 200, 328];

    public static void Run(TextWriter output, string path)
    {
        var report = new StringBuilder();
        Line("# Search: quality and cost");
        Line("");
        Line("Command: `dotnet run -c Release --project benchmarks/HwNas.Benchmarks -- search`");
        Line("");
        Macro(Line);
        var ofa = new OfaSearch();
        Ofa(ofa, Line);
        Cost(ofa, Line);
        File.WriteAllText(path, report.ToString());

        void Line(string text)
        {
            output.WriteLine(text);
            report.Append(text).Append('\n');
        }
    }

    private static void Macro(Action<string> line)
    {
        var macro = new MacroSearch();
        line("## NAS-Bench-Macro, accuracy and FLOPs, both learned");
        line("");
        line($"Share of the exact front's hypervolume up to 80 % and 110 MFLOPs: mean (least) of seeds 0 to {MacroSearch.Seeds - 1}.");
        line("");
        line("| strategy | 100 evaluations | 200 | 328 |");
        line("|---|---|---|---|");
        foreach (var strategy in SearchStrategies.All)
        {
            var cells = EvaluationCounts.Select(evaluations => macro.Shares(strategy.Name, evaluations))
                .Select(shares => Text($"{shares.Average():0.0000} ({shares.Min():0.0000})"));
            line($"| {strategy.Name} | {string.Join(" | ", cells)} |");
        }

        line("");
    }

    private static void Ofa(OfaSearch ofa, Action<string> line)
    {
        line($"## Ridge models of once-for-all subnets, {ofa.Genes} genes, {OfaEvaluations} evaluations");
        line("");
        line(Text($"Share of the exact hypervolume (front of {ofa.ExactFrontSize} points) up to 70 % and 600 M; seed 0."));
        line("");
        line("| strategy | share | seconds |");
        line("|---|---|---|");
        foreach (var strategy in SearchStrategies.All.Where(s => s.Name != "bayesian"))
        {
            var (share, elapsed) = ofa.Run(strategy.Name, OfaEvaluations, seed: 0);
            line(Text($"| {strategy.Name} | {share:0.0000} | {elapsed.TotalSeconds:0.0} |"));
        }

        line("");
    }

    private static void Cost(OfaSearch ofa, Action<string> line)
    {
        const int Candidates = 200_000;
        line("## Cost of the loop, one core");
        line("");
        ofa.Run("nsga2", Candidates, seed: 0);
        var (_, elapsed) = ofa.Run("nsga2", Candidates, seed: 1);
        line(Text($"NSGA-II, population 100, two look-ups in tables of {ofa.Genes} genes as evaluation: {Candidates / elapsed.TotalSeconds:0} candidates/s over {Candidates}."));
        var (_, loop) = ofa.Run("surrogate-loop", 1_000, seed: 1);
        line(Text($"Surrogate loop, 1000 evaluations: {loop.TotalMilliseconds / 1000:0.00} ms for each evaluated candidate."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
