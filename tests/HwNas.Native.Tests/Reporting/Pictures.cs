using HwNas.Cli.Reporting;

namespace HwNas.Native.Tests.Reporting;

/// <summary>Small pictures whose places are known.</summary>
internal static class Pictures
{
    public static readonly ParetoPoint Chosen = new(200, 86, new Interval(190, 215), new Interval(85.5, 86.5));

    public static readonly ParetoSeries Series = new(
        "box",
        Evaluated: [new(100, 84), new(150, 83), Chosen, new(250, 85), new(300, 88), new(310, 87)],
        Front: [new(100, 84), Chosen, new(300, 88)],
        Chosen) { Budget = 220 };

    public static readonly ParetoPicture OneDevice = new("Front of <box> & co", "Latency (µs)", "Accuracy (%)", [Series])
    {
        CostUnit = "µs",
    };
}
