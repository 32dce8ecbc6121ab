using System.Collections.Immutable;
using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;

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
                context.Out.Write(StrictJson.Serialize(space.Definition));
            else
                WriteText(context.Out, space);
        });
        return command;
    }

    private static void WriteText(TextWriter output, SearchSpace space)
    {
        var table = space.Definition;
        var (stem, head, rules) = (table.Stem, table.Head, table.Conventions);
        output.WriteLine($"{table.Name}: {table.Source}");
        output.WriteLine();
        output.WriteLine($"images       {table.InputChannels} channels, sides {Choices(table.Resolutions)}; {table.Classes} classes");
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
        output.WriteLine();
        output.WriteLine($"networks     {space.Genomes.Count} ({SpaceText.Count(space.Genomes.Count.ToString())}), {space.Genomes.Genes.Length} genes");
        WriteExtreme(output, "smallest", space, space.Smallest);
        WriteExtreme(output, "largest", space, space.Largest);
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

    private static void WriteExtreme(TextWriter output, string what, SearchSpace space, Architecture architecture)
    {
        var cost = NetworkCost.Of(NetworkPlan.Build(space, architecture));
        output.WriteLine($"{what,-12} {SpaceText.Millions(cost.Macs)} MACs, {SpaceText.Millions(cost.Params)} parameters, {SpaceText.Mebibytes(cost.PeakActivationBytes)} activations, {SpaceText.Mebibytes(cost.ModelBytes)} model");
        output.WriteLine($"{"",-12} {architecture.Id}");
    }
}
