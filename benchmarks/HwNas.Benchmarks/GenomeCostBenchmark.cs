using BenchmarkDotNet.Attributes;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Benchmarks;

/// <summary>
/// Genome to MACs, parameters and a table latency; issue 4 asks for 1,000,000 architectures/s in <c>bignas</c>.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class GenomeCostBenchmark
{
    private const int Genomes = 1024;

    private readonly double[] _latencyUs = new double[1];
    private Genome[] _genomes = [];
    private GenomeCostTable _table = null!;

    [Params("bignas", "attentive-nas", "ofa-mobilenetv3")]
    public string Space { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var space = MbConvSpace.Load(Space);
        var random = new Random(1);
        _genomes = [.. Enumerable.Range(0, Genomes).Select(_ => space.Genomes.Sample(random))];
        _table = GenomeCostTable.Build(space, (layer, _) => layer.Output.Elements / 1000.0);
    }

    [Benchmark(OperationsPerInvoke = Genomes)]
    public double OneGenome()
    {
        var sum = 0.0;
        foreach (var genome in _genomes)
            sum += _table.Evaluate(genome, _latencyUs).Macs + _latencyUs[0];
        return sum;
    }
}
