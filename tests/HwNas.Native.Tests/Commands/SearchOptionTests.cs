using HwNas.Core.Search;
using System.CommandLine;
using HwNas.Cli;
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
        Assert.Contains(
            problem, Assert.Throws<InputException>(() => Objectives(text, Devices)).Message, StringComparison.Ordinal);

    [Fact]
    public void Latency_without_a_device_is_refused() =>
        Assert.Contains(
            "needs a device",
            Assert.Throws<InputException>(() => Objectives("accuracy,latency", [])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Any_mix_of_limits_is_read_in_the_metrics_units()
    {
        var (budgets, parsed) = Budgets(
            "--latency-us", "pi5=8000", "--latency-us", "pixel=15000", "--macs", "300M", "--params", "5M", "--peak-memory", "4MB",
            "--model-size", "20MB");

        Assert.Equal<Budget>(
            [
                new("latency_us@pi5", 8000), new("latency_us@pixel", 15000), new("macs", 300e6), new("params", 5e6),
                new("peak_activation_bytes", 4e6), new("model_bytes", 20e6),
            ],
            budgets.Read(parsed, Devices));
        Assert.Null(budgets.Confidence(parsed));
    }

    [Fact]
    public void The_confidence_is_read_and_checked()
    {
        var (budgets, parsed) = Budgets("--confidence", "0.95");
        Assert.Equal(0.95, budgets.Confidence(parsed));
        foreach (var wrong in new[] { "95", "0.2", "1" })
        {
            (budgets, parsed) = Budgets("--confidence", wrong);
            Assert.Contains(
                "is not between 0.5 and 0.999",
                Assert.Throws<InputException>(() => budgets.Confidence(parsed)).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--latency-us", "100B", "--latency-us '100B' is no limit on latency on pi5 in µs: "
        + "write a positive number, such as 8000; only sizes in bytes end with B.")]
    [InlineData(
        "--macs", "1MB",
        "--macs '1MB' is no limit on MACs: write a positive number, such as 300M; only sizes in bytes end with B.")]
    [InlineData(
        "--macs", "1,5M",
        "--macs '1,5M' is no limit on MACs: write a positive number, such as 300M, with a point where it has a fraction.")]
    [InlineData(
        "--params", "-5",
        "--params '-5' is no limit on parameters: write a positive number, such as 5M; only sizes in bytes end with B.")]
    [InlineData(
        "--peak-memory", "four",
        "--peak-memory 'four' is no limit on peak memory in bytes: write a positive number, such as 4MB.")]
    [InlineData("--macs", "1e308", "is no limit on MACs")]
    public void A_limit_in_another_metrics_unit_is_refused_with_an_example(string option, string text, string problem)
    {
        var (budgets, parsed) = Budgets(option, text);
        Assert.Contains(
            problem, Assert.Throws<InputException>(() => budgets.Read(parsed, ["pi5"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "--learning-rate", "0,05")]
    [InlineData("verify", "--seconds", "1,5", "model.onnx")]
    [InlineData("profile", "--minutes", "1,5")]
    [InlineData("search", "--confidence", "0,9")]
    [InlineData("search", "--finish", "NaN")]
    public async Task A_decimal_comma_is_no_number(params string[] arguments)
    {
        var error = new StringWriter();
        Assert.Equal(
            ExitCodes.WrongInput,
            await Program.RunAsync(arguments, new CommandContext(new StringWriter(), error, TimeProvider.System)));
        Assert.Contains(
            $"{arguments[1]} '{arguments[2]}' is no number; write it as 0.5, with a point.",
            error.ToString(), StringComparison.Ordinal);
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
