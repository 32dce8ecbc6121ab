using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>Finds all problems of a definition at once, each with its place and the rule that it breaks.</summary>
internal sealed class MbConvValidator
{
    private const int MaxChannels = 16_384;
    private readonly List<string> _problems = [];

    private MbConvValidator()
    {
    }

    public static IReadOnlyList<string> Validate(MbConvDefinition space)
    {
        var validator = new MbConvValidator();
        validator.CheckSpace(space);
        return validator._problems;
    }

    private void CheckSpace(MbConvDefinition space)
    {
        if (PlainName.Problem("name", space.Name) is { } problem)
            _problems.Add(problem);
        Range("input_channels", space.InputChannels, 1, 64);
        Range("classes", space.Classes, 2, 100_000);
        Choices("resolutions", space.Resolutions, 8, 4096);
        Range("conventions.channel_divisor", space.Conventions.ChannelDivisor, 1, 256);
        Range("conventions.squeeze_divisor", space.Conventions.SqueezeDivisor, 1, 256);
        if (space.Conventions.Gate is not (Activation.Sigmoid or Activation.HardSigmoid))
            _problems.Add($"conventions.gate: {space.Conventions.Gate} is no gate; use sigmoid or hard_sigmoid");

        Choices("stem.widths", space.Stem.Widths, 1, MaxChannels);
        Odd("stem.kernel", space.Stem.Kernel);
        Range("stem.stride", space.Stem.Stride, 1, 2);

        if (space.Stages.IsDefaultOrEmpty || space.Stages.Length > 32)
            _problems.Add("stages: 1 to 32 stages are needed");
        else
            CheckStages(space.Stages);

        Choices("head.widths", space.Head.Widths, 1, MaxChannels);
        if (space.Head is { ExpandRatio: not null, ExpandWidth: not null })
            _problems.Add("head: give expand_ratio or expand_width, not both");
        if (space.Head.ExpandRatio is { } ratio)
            Range("head.expand_ratio", ratio, 1, 16);
        if (space.Head.ExpandWidth is { } width)
            Range("head.expand_width", width, 1, MaxChannels);
    }

    private void CheckStages(ImmutableArray<StageDefinition> stages)
    {
        foreach (var (index, stage) in stages.Index())
        {
            var place = $"stages[{index}]";
            if (stage is null)
            {
                _problems.Add($"{place}: null is no stage");
                continue;
            }

            if (string.IsNullOrWhiteSpace(stage.Name) || !stage.Name.All(char.IsAsciiLetterOrDigit))
                _problems.Add($"{place}.name: '{stage.Name}' must be letters and digits");
            else if (stage.Name is "stem" or "head" || stages.Take(index).Any(s => s?.Name == stage.Name))
                _problems.Add($"{place}.name: '{stage.Name}' is taken");
            Choices($"{place}.widths", stage.Widths, 1, MaxChannels);
            Choices($"{place}.depths", stage.Depths, 1, 64);
            Choices($"{place}.kernels", stage.Kernels, 1, 31);
            Choices($"{place}.expansions", stage.Expansions, 1, 16);
            if (!stage.Kernels.IsDefault)
            {
                foreach (var kernel in stage.Kernels)
                    Odd($"{place}.kernels", kernel);
            }

            Range($"{place}.stride", stage.Stride, 1, 2);
            if (!stage.Expansions.IsDefault && stage.Expansions.Length > 1 && stage.Expansions.Contains(1))
            {
                _problems.Add(
                    $"{place}.expansions: 1 has no expanding convolution, so it cannot share weights with other ratios; "
                    + "give it a stage of its own");
            }
        }
    }

    private void Range(string place, int value, int least, int most)
    {
        if (value < least || value > most)
            _problems.Add($"{place}: {value} is not in {least}..{most}");
    }

    private void Odd(string place, int kernel)
    {
        if (kernel % 2 == 0)
            _problems.Add($"{place}: {kernel} is even; kernels have a centre");
    }

    private void Choices(string place, ImmutableArray<int> choices, int least, int most)
    {
        if (choices.IsDefaultOrEmpty || choices.Length > 64)
        {
            _problems.Add($"{place}: 1 to 64 choices are needed");
            return;
        }

        foreach (var choice in choices)
            Range(place, choice, least, most);
        if (choices.Zip(choices.Skip(1)).Any(pair => pair.First >= pair.Second))
            _problems.Add($"{place}: the choices must ascend, each once");
    }
}
