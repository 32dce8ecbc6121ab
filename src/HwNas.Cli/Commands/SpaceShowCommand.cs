using System.Collections.Immutable;
using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space show</c>: a space as a table like the paper's own, its count, and its smallest and largest network.</summary>
internal static class SpaceShowCommand
{
    public static Command Create(CommandContext context)
    {
        var name = SpaceCommand.SpaceArgument();
        var json = new Option<bool>("--json") { Description = "Print the space as a JSON file, to start your own from." };
        var command = new Command("show", "Show a search space as a table, with its count and its extremes.") { name, json };
        command.SetAction(parsed =>
        {
            var space = SearchSpace.Load(parsed.GetValue(name)!);
            if (parsed.GetValue(json))
                context.Out.Write(space.ToJson());
            else
                WriteText(context.Out, space);
        });
        return command;
    }

    private static void WriteText(TextWriter output, ISearchSpace space)
    {
        output.WriteLine($"{space.Name}: {space.Source}");
        output.WriteLine();
        output.WriteLine($"images       {space.InputChannels} channels, sides {Choices(space.Resolutions)}; {space.Classes} classes");
        if (space is MbConvSpace inverted)
            WriteTable(output, inverted.Definition);
        else
            SpaceText.WriteTable(output, [["gene", "choices"], .. space.Genomes.Genes.Select(gene => new[] { gene.Name, gene.Labels.IsDefault ? Choices(gene.Choices) : string.Join(", ", gene.Labels) })]);
        output.WriteLine();
        output.WriteLine($"networks     {space.Genomes.Count} ({SpaceText.Count(space.Genomes.Count.ToString())}), {space.Genomes.Genes.Length} genes");
        WriteExtreme(output, "smallest", space.PlanOf(space.Smallest));
        WriteExtreme(output, "largest", space.PlanOf(space.Largest));
    }

    private static void WriteTable(TextWriter output, MbConvDefinition table)
    {
        var (stem, head, rules) = (table.Stem, table.Head, table.Conventions);
        output.WriteLine($"genes        kernels and expansions chosen once for {(table.Genes == GeneScope.PerStage ? "a stage" : "each block")}");
        output.WriteLine($"shortcuts    {(rules.Shortcut == ShortcutRule.Identity ? "where stride is 1 and channels are equal" : "around every block: average pooling where strided, 1x1 convolution where channels change")}");
        output.WriteLine($"SE           squeezes to a quarter of the {(rules.SqueezeSource == SqueezeSource.Input ? "input" : "inner")} channels, {(rules.SqueezeDivisor == 1 ? "rounded down" : $"in multiples of {rules.SqueezeDivisor}")}; {rules.SqueezeActivation}, {rules.Gate}");
        output.WriteLine();
        SpaceText.WriteTable(
            output,
            [
                ["stage", "widths", "depths", "kernels", "expansions", "stride", "SE", "activation"],
                ["stem", Choices(stem.Widths), "1", $"{stem.Kernel}", "-", $"{stem.Stride}", "-", $"{stem.Activation}"],
                .. table.Stages.Select(stage => new[]
                {
                    stage.Name, Choices(stage.Widths), Choices(stage.Depths), Choices(stage.Kernels), Choices(stage.Expansions), $"{stage.Stride}",
                    stage.SqueezeExcite ? "yes" : "no", $"{stage.Activation}",
                }),
                ["head", HeadWidths(head), "1", "1", "-", "1", "-", $"{head.Activation}"],
            ]);
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

    private static void WriteExtreme(TextWriter output, string what, NetworkPlan plan)
    {
        var cost = NetworkCost.Of(plan);
        output.WriteLine($"{what,-12} {SpaceText.Millions(cost.Macs)} MACs, {SpaceText.Millions(cost.Params)} parameters, {SpaceText.Mebibytes(cost.PeakActivationBytes)} activations, {SpaceText.Mebibytes(cost.ModelBytes)} model");
        output.WriteLine($"{"",-12} {plan.Id}");
    }
}
