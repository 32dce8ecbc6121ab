using System.Collections.Immutable;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>Maps the genes of a space to the values of an architecture and back; values without a choice have no gene.</summary>
internal sealed class GeneMap
{
    private readonly MbConvDefinition _space;
    private readonly List<Gene> _genes = [];
    private readonly Slot _resolution;
    private readonly Slot _stem;
    private readonly StageSlots[] _stages;
    private readonly Slot _head;

    public GeneMap(MbConvDefinition space)
    {
        _space = space;
        _resolution = Add(GeneKind.Resolution, -1, -1, Gene.ResolutionName, space.Resolutions);
        _stem = Add(GeneKind.Width, -1, -1, "stem.width", space.Stem.Widths);
        _stages = [.. space.Stages.Select((stage, index) => AddStage(stage, index))];
        _head = Add(GeneKind.Width, space.Stages.Length, -1, "head.width", space.Head.Widths);
        Genomes = new GenomeSpace(_genes);
    }

    public GenomeSpace Genomes { get; }

    public Architecture Decode(Genome genome)
    {
        var stages = ImmutableArray.CreateBuilder<StageArchitecture>(_stages.Length);
        foreach (var slots in _stages)
        {
            var depth = slots.Depth.Value(genome);
            stages.Add(new StageArchitecture(
                slots.Width.Value(genome), Take(slots.Kernels, depth, genome), Take(slots.Expansions, depth, genome)));
        }

        return new Architecture(_resolution.Value(genome), _stem.Value(genome), stages.MoveToImmutable(), _head.Value(genome));
    }

    public Genome Encode(Architecture architecture)
    {
        var choices = new byte[_genes.Count];
        var problems = new List<string>();
        Set("resolution", _resolution, architecture.Resolution);
        Set("stem width", _stem, architecture.StemWidth);
        Set("head width", _head, architecture.HeadWidth);
        if (architecture.Stages.Length != _stages.Length)
        {
            problems.Add($"{architecture.Stages.Length} stages, not {_stages.Length}");
        }
        else
        {
            foreach (var (index, stage) in architecture.Stages.Index())
                SetStage(_space.Stages[index].Name, _stages[index], stage);
        }

        return problems.Count == 0
            ? Genomes.Create(choices)
            : throw new InputException($"{architecture.Id} is not in the space '{_space.Name}': {string.Join("; ", problems)}.");

        void SetStage(string name, StageSlots slots, StageArchitecture stage)
        {
            Set($"{name} width", slots.Width, stage.Width);
            if (!Set($"{name} depth", slots.Depth, stage.Depth))
                return;
            if (_space.Genes == GeneScope.PerStage
                && !(stage.Kernels.All(k => k == stage.Kernels[0]) && stage.Expansions.All(e => e == stage.Expansions[0])))
            {
                problems.Add($"{name} mixes kernels or expansions, which this space chooses once for a stage");
            }

            for (var block = 0; block < stage.Depth; block++)
            {
                Set($"{name} kernel of block {block}", slots.Kernels[block], stage.Kernels[block]);
                Set($"{name} expansion of block {block}", slots.Expansions[block], stage.Expansions[block]);
            }
        }

        bool Set(string what, Slot slot, int value)
        {
            var choice = slot.Choices.IndexOf(value);
            if (choice < 0)
                problems.Add($"{what} {value} is not one of {string.Join(", ", slot.Choices)}");
            else if (slot.Gene >= 0)
                choices[slot.Gene] = (byte)choice;
            return choice >= 0;
        }
    }

    private static ImmutableArray<int> Take(Slot[] slots, int depth, Genome genome)
    {
        var values = ImmutableArray.CreateBuilder<int>(depth);
        for (var block = 0; block < depth; block++)
            values.Add(slots[block].Value(genome));
        return values.MoveToImmutable();
    }

    private StageSlots AddStage(StageDefinition stage, int index)
    {
        var width = Add(GeneKind.Width, index, -1, $"{stage.Name}.width", stage.Widths);
        var depth = Add(GeneKind.Depth, index, -1, $"{stage.Name}.depth", stage.Depths);
        var kernels = AddBlocks(GeneKind.Kernel, "kernel", stage.Kernels);
        var expansions = AddBlocks(GeneKind.Expansion, "expansion", stage.Expansions);
        return new StageSlots(width, depth, kernels, expansions);

        Slot[] AddBlocks(GeneKind kind, string what, ImmutableArray<int> choices)
        {
            var blocks = stage.Depths[^1];
            return _space.Genes == GeneScope.PerStage
                ? [.. Enumerable.Repeat(Add(kind, index, -1, $"{stage.Name}.{what}", choices), blocks)]
                : [.. Enumerable.Range(0, blocks)
                    .Select(block => Add(kind, index, block, $"{stage.Name}.{block}.{what}", choices))];
        }
    }

    private Slot Add(GeneKind kind, int stage, int block, string name, ImmutableArray<int> choices)
    {
        if (choices.Length == 1)
            return new Slot(-1, choices);
        _genes.Add(new Gene(kind, stage, block, name, choices));
        return new Slot(_genes.Count - 1, choices);
    }

    // A value of the architecture: decided by a gene, or fixed (gene −1) where there is one choice.
    private readonly record struct Slot(int Gene, ImmutableArray<int> Choices)
    {
        public int Value(Genome genome) => Choices[Gene < 0 ? 0 : genome[Gene]];
    }

    private sealed record StageSlots(Slot Width, Slot Depth, Slot[] Kernels, Slot[] Expansions);
}
