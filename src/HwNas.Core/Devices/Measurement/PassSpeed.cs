using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Measurement;

/// <summary>
/// Takes out what slows a whole pass: a clock that changes its frequency, a neighbour on the same core. All models of a
/// pass share it, and every model's median would otherwise fall into another of the device's states.
/// </summary>
internal static class PassSpeed
{
    // With few models, a pass's speed is one model's noise.
    private const int LeastModels = 20;

    /// <summary>The samples of each model, as if every pass had run at the median speed of all passes.</summary>
    /// <param name="passes">The samples.</param>
    /// <param name="models">Number of models.</param>
    public static IReadOnlyList<ModelSamples> Level(IReadOnlyList<MeasuredPass> passes, int models)
    {
        var raw = ModelSamples.Of(passes, models);
        if (models < LeastModels || raw.Any(model => model.Count == 0))
            return raw;
        var wallUs = raw.Select(model => Quantiles.Median(model.WallUs)).ToArray();
        var cpuUs = raw.Select(model => Quantiles.Median(model.CpuUs)).ToArray();
        var levelled = Enumerable.Range(0, models).Select(_ => new ModelSamples()).ToArray();
        foreach (var pass in passes)
        {
            var times = Enumerable.Range(0, models).Select(model => pass[model]).ToArray();
            var wall = Slowness(times.Select(time => time.WallUs), wallUs, times);
            var cpu = Slowness(times.Select(time => time.CpuUs), cpuUs, times);
            foreach (var (model, time) in times.Index())
                levelled[model].Add(time with { WallUs = time.WallUs / wall, CpuUs = time.CpuUs / cpu });
        }

        return levelled;
    }

    // How much slower than usual the models of a pass were; 1 where nothing can be told.
    private static double Slowness(IEnumerable<double> us, double[] usualUs, LayerTime[] times)
    {
        var ratios = us.Zip(usualUs, (now, usual) => now / usual)
            .Where((ratio, model) => !times[model].Disturbed && ratio > 0 && double.IsFinite(ratio)).ToList();
        return ratios.Count >= LeastModels / 2 ? Quantiles.Median(ratios) : 1;
    }
}
