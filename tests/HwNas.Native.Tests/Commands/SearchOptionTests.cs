using System.CommandLine;
using HwNas.Cli.Commands;
using HwNas.Core;

namespace HwNas.Native.Tests.Commands;

/// <summary>Objectives and budgets as users write them.</summary>
public sealed class SearchOptionTests
{
    private static readonly string[] Devices = ["pi5", "pixel"];

    [Theory]
    [InlineData("accuracy,latency", "top1_percent latency_us@pi5 latency_us@pixel")]
    [InlineData("accuracy, latency:pixel,macs", "top1_percent latency_us@pixel macs")]
    [InlineData("macs,accuracy,params,peak-memory,model-size", "macs top1_percent params peak_activation_bytes model_bytes")]
    [InlineData("accuracy,latency,latency:pi5", "top1_percent latency_us@pi5 latency_us@pixel")]
    public void Objectives_are_read(string text, string expected) => Assert.Equal(expected.Split(' '), Objectives(text, Devices));

    [Theory]
    [InlineData("accuracy,speed", "there is no objective 'speed'")]
    [InlineData("accuracy", "needs accuracy and one cost")]
    [InlineData("macs,params", "needs accuracy and one cost")]
    [InlineData("accuracy,latency:fridge", "names the device 'fridge', of which no profile was given; there are pi5, pixel")]
    public void Wrong_objectives_say_what_is_wrong(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<InputException>(() => Objectives(text, Devices)).Message, StringComparison.Ordinal);

    [Fact]
    public void Latency_without_a_device_is_refused() =>
        Assert.Contains("needs a device", Assert.Throws<InputException>(() => Objectives("accuracy,latency", [])).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_mix_of_limits_is_read_in_the_metrics_units()
    {
        var (budgets, parsed) = Budgets("--latency-us", "pi5=8000", "--latency-us", "pixel=15000", "--macs", "300M", "--params", "5M", "--peak-memory", "4MB", "--model-size", "20MB");

        Assert.Equal(
            [("latency_us@pi5", 8000), ("latency_us@pixel", 15000), ("macs", 300e6), ("params", 5e6), ("peak_activation_bytes", 4e6), ("model_bytes", 20e6)],
            budgets.Read(parsed, Devices));
        Assert.Null(budgets.Confidence(parsed));
    }

    [Fact]
    public void The_confidence_is_read_and_checked()
    {
        var (budgets, parsed) = Budgets("--confidence", "0.95");
        Assert.Equal(0.95, budgets.Confidence(parsed));
        foreach (var wrong in new[] { "95", "0.2", "1", "NaN" })
        {
            (budgets, parsed) = Budgets("--confidence", wrong);
            Assert.Contains("is not between 0.5 and 0.999", Assert.Throws<InputException>(() => budgets.Confidence(parsed)).Message, StringComparison.Ordinal);
        }
    }

    private static IReadOnlyList<string> Objectives(string text, string[] devices)
    {
        var option = new ObjectiveOption();
        return option.Read(new RootCommand { option.Option }.Parse(["--objectives", text]), devices);
    }

    private static (BudgetOptions Budgets, ParseResult Parsed) Budgets(params string[] arguments)
    {
        var budgets = new BudgetOptions();
        var command = new RootCommand();
        foreach (var option in budgets.All)
            command.Add(option);
        return (budgets, command.Parse(arguments));
    }
}
