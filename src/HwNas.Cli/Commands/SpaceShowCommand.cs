using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas space show</c>: a space as a table like the paper's own, its count, and its smallest and largest network.
/// </summary>
internal static class SpaceShowCommand
{
    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print the space as a JSON file, to start your own from." };
        var command = new Command("show",
            """
            Show a search space as a table, with its count and its extremes.

            Examples:
              hwnas space show bignas
              hwnas space show fashion-mnist --json > my-space.json
            """) { json };
        var input = new SpaceInput().AddTo(command);
        command.SetAction(parsed =>
        {
            var space = input.Of(parsed);
            if (parsed.GetValue(json))
                context.Out.Write(space.ToJson());
            else
                context.Out.Write(context.Screen.Fold(ToText(space, context.Screen)));
        });
        return command;
    }

    private static string ToText(ISearchSpace space, Screen screen)
    {
        var text = new StringBuilder($"{space.Name}: {space.Source}\n\n");
        Line(
            text, "images",
            $"{Plural.Of(space.InputChannels, "channel")}, sides {Choices(space.Resolutions)}; {space.Classes} classes");
        if (space is MbConvSpace inverted)
            AppendStages(text, inverted.Definition, screen);
        else
            text.Append(Genes(space).ToText(screen));
        text.Append('\n');
        Line(
            text, "networks",
            $"{space.Genomes.Count} ({SpaceText.Count(space.Genomes.Count.ToString())}), "
            + Plural.Of(space.Genomes.Genes.Length, "gene"));
        AppendExtreme(text, "smallest", space.PlanOf(space.Smallest));
        AppendExtreme(text, "largest", space.PlanOf(space.Largest));
        return text.ToString();
    }

    private static TextTable Genes(ISearchSpace space) => new(
        [new("gene", IsText: true), new("choices", IsText: true) { Folds = true }],
        [.. space.Genomes.Genes.Select(
            gene => new[] { gene.Name, gene.Labels.IsDefault ? Choices(gene.Choices) : string.Join(", ", gene.Labels) })]);

    private static void AppendStages(StringBuilder text, MbConvDefinition table, Screen screen)
    {
        var (stem, head, rules) = (table.Stem, table.Head, table.Conventions);
        Line(
            text, "genes",
            $"kernels and expansions chosen once for {(table.Genes == GeneScope.PerStage ? "a stage" : "each block")}");
        Line(text, "shortcuts", rules.Shortcut == ShortcutRule.Identity
            ? "where stride is 1 and channels are equal"
            : "around every block: average pooling where strided, 1x1 convolution where channels change");
        Line(
            text, "SE",
            $"squeezes to a quarter of the {(rules.SqueezeSource == SqueezeSource.Input ? "input" : "inner")} channels, "
            + $"{(rules.SqueezeDivisor == 1 ? "rounded down" : $"in multiples of {rules.SqueezeDivisor}")}; "
            + $"{rules.SqueezeActivation}, {rules.Gate}");
        text.Append('\n').Append(new TextTable(
            [
                new("stage", IsText: true), Lists("widths"), Lists("depths"), Lists("kernels"), Lists("expansions"),
                new("stride", IsText: true),
                new("SE", IsText: true), new("activation", IsText: true),
            ],
            [
                ["stem", Choices(stem.Widths), "1", $"{stem.Kernel}", "-", $"{stem.Stride}", "-", $"{stem.Activation}"],
                .. table.Stages.Select(stage => new[]
                {
                    stage.Name, Choices(stage.Widths), Choices(stage.Depths), Choices(stage.Kernels), Choices(stage.Expansions),
                    $"{stage.Stride}",
                    stage.SqueezeExcite ? "yes" : "no", $"{stage.Activation}",
                }),
                ["head", HeadWidths(head), "1", "1", "-", "1", "-", $"{head.Activation}"],
            ]).ToText(screen));

        static TextColumn Lists(string header) => new(header, IsText: true) { Folds = true };
    }

    private static string HeadWidths(HeadDefinition head)
    {
        var before = head.ExpandWidth is { } width ? $"{width} > " : head.ExpandRatio is { } ratio ? $"{ratio}x > " : "";
        return before + Choices(head.Widths);
    }

    // Long even rows are shortened: 128, 132, ... 224.
    private static string Choices(ImmutableArray<int> values)
    {
        var even = values.Length > 5 && values.Zip(values.Skip(1)).All(pair => pair.Second - pair.First == values[1] - values[0]);
        return even && values.Length > 8 ? $"{values[0]}, {values[1]}, ... {values[^1]}" : string.Join(", ", values);
    }

    private static void AppendExtreme(StringBuilder text, string what, NetworkPlan plan)
    {
        var counts = new CountMetrics();
        Line(
            text, what,
            string.Join(", ", counts.Metrics.Zip(
                counts.ValuesOf(plan), (metric, value) => $"{Figures.Of(metric, value)} {metric.Scale.Label}")));
        Line(text, "", plan.Id);
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name,-12} {value}\n");
}
