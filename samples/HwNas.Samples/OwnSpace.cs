using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas.Samples;

/// <summary>A search space of one's own, as a class: three plain convolutions whose kernels are searched.</summary>
internal sealed class OwnSpace(int inputChannels, int classes, int resolution) : ISearchSpace
{
    private const int Layers = 3, Channels = 16;

    private static readonly ImmutableArray<int> Kernels = [3, 5];

    public string Name => "plain";

    public string Hash => ContentHash.OfText(ToJson());

    public string Source => "HwNas's samples";

    public int InputChannels => inputChannels;

    public int Classes => classes;

    public ImmutableArray<int> Resolutions => [resolution];

    public GenomeSpace Genomes { get; } =
        new(Enumerable.Range(0, Layers).Select(layer => new Gene(GeneKind.Kernel, layer, -1, $"layer{layer}.kernel", Kernels)));

    public Genome Smallest => Genomes.Create([0, 0, 0]);

    public Genome Largest => Genomes.Create([1, 1, 1]);

    public ImmutableArray<CostTerm> CostTerms =>
    [
        .. Enumerable.Range(0, Layers)
            .Select(layer => new CostTerm([layer], choices => NetworkPart.Chain([Layer(layer, Kernels[choices[0]])]))),
        new CostTerm([], _ => NetworkPart.Chain([Head()])),
    ];

    public static void Run(string folder, int steps)
    {
        var data = DataSets.Open(DataSets.DefaultSpec);
        var space = new OwnSpace(data.Training.Shape.Channels, data.Classes.Length, data.Training.Shape.Height);
        var run = new NasRun(folder, space);
        run.Train(new TrainRequest(data) { Options = new TrainingOptions { Steps = steps } });
        var front = run.Search(new SearchRequest { Options = SearchOptions.Of(evaluations: 8, "random") });
        var models = run.Export([.. front.Front()]);

        Console.WriteLine($"{front.Subnets.Length} of {space.Genomes.Count} networks evaluated, {models.Count} exported");
    }

    public IEnumerable<Block> BlocksAt(int resolution) =>
        [.. Enumerable.Range(0, Layers).SelectMany(layer => Kernels.Select(kernel => Layer(layer, kernel))), Head()];

    public NetworkPlan PlanOf(Genome genome) => NetworkPlan.Chain(
        IdOf(genome), [.. Enumerable.Range(0, Layers).Select(layer => Layer(layer, Kernels[genome[layer]])), Head()]);

    public string IdOf(Genome genome) =>
        string.Join('-', Enumerable.Range(0, Layers).Select(layer => $"k{Kernels[genome[layer]]}"));

    public Genome Parse(string text, string origin = "") =>
        Genomes.Enumerate().FirstOrDefault(genome => IdOf(genome) == text)
        ?? throw new InputException($"'{text}' is no network of {Name}, such as k3-k5-k3.");

    public string ToJson(Genome genome) => $$"""{"id":"{{IdOf(genome)}}"}""";

    public string ToJson() =>
        $$"""{"schema":"samples/plain/1","input_channels":{{inputChannels}},"classes":{{classes}},"resolution":{{resolution}}}""";

    private Block Layer(int layer, int kernel)
    {
        var side = Enumerable.Range(0, layer).Aggregate(resolution, (side, _) => (side + 1) / 2);
        var channels = layer == 0 ? inputChannels : Channels;
        var block = new BlockBuilder($"layer{layer}", new FeatureShape(channels, side, side));
        block.Convolve("conv", new Convolution(channels, Channels, kernel, Stride: 2), batchNorm: true, Activation.Relu, 0);
        return block.Build($"plain-{channels}x{side}-k{kernel}");
    }

    private Block Head()
    {
        var block = new BlockBuilder("head", Layer(Layers - 1, Kernels[0]).Output);
        block.Add("classifier", new Linear(Channels, classes), block.Add("pool", new GlobalPooling(), 0));
        return block.Build($"plain-head-{classes}");
    }
}
