using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.Reporting;

public sealed class TrainingPlotTests
{
    private const string Blue = "#0072B2", Orange = "#D55E00";

    private static readonly TrainingMetric[] Course =
    [
        new(20, 2, 2.2, .1, 900, 1), new(40, 1, 1.4, .2, 900, 2, new CheckedAccuracy(70, 60, 500)),
        new(60, .8, 1.2, .1, 900, 3), new(80, .7, 1, .1, 900, 4, new CheckedAccuracy(90, 75, 500)),
    ];

    [Fact]
    public void Accuracies_are_marked_where_they_were_looked_at_and_losses_are_lines_behind_them()
    {
        var svg = Draw(Course);
        var largest = svg.Circles(Blue);

        Assert.Equal(2, largest.Count);
        Assert.Equal(largest[0].X - svg.DataArea[0], (largest[1].X - svg.DataArea[0]) / 2, 0.5);
        Assert.True(largest[0].Y > largest[1].Y);
        Assert.Equal(2, svg.Data("rect").Count(element => SvgPicture.Value(element, "fill") == Orange));
        foreach (var colour in new[] { Blue, Orange })
        {
            var loss = svg.Data("path").Single(
                path => SvgPicture.Value(path, "stroke") == colour && SvgPicture.Value(path, "stroke-width") == "1.5");
            var corners = SvgPicture.Corners(loss);
            Assert.Equal(4, corners.Length);
            Assert.All(corners.Zip(corners.Skip(1)), pair => Assert.True(pair.First.Y < pair.Second.Y, "losses fall"));
        }

        Assert.Contains("Top-1 accuracy on 500 validation images (%)", svg.Texts);
        Assert.Contains("Loss", svg.Texts);
        Assert.Contains("fashion", svg.Texts);
    }

    [Fact]
    public void The_loss_of_random_subnets_is_drawn_where_it_is_known()
    {
        Assert.DoesNotContain("Loss of random ones", Draw(Course).Texts);
        Assert.Contains("Loss of random ones", Draw([Course[0], Course[1] with { RandomLoss = 1.2 }]).Texts);
    }

    [Fact]
    public void A_training_that_was_not_looked_at_has_losses_only()
    {
        var svg = Draw([.. Course.Select(metric => metric with { Accuracy = null })]);
        Assert.Contains("Loss", svg.Texts);
        Assert.DoesNotContain(svg.Texts, text => text.Contains("ccuracy", StringComparison.Ordinal));
    }

    [Fact]
    public void Odd_courses_are_drawn_or_refused()
    {
        var odd = Draw([
            Course[0] with { LargestLoss = double.NaN, SmallestLoss = 0 }, Course[1] with { LargestLoss = 1e300 },
            Course[3] with { Accuracy = new CheckedAccuracy(-1e300, double.PositiveInfinity, 1) },
        ]);
        Assert.DoesNotMatch("(?i)nan|inf\\b", odd.Document.ToString());
        Draw(Course[1..2]);
        Assert.Contains("no step yet", Assert.Throws<InputException>(() => Draw([])).Message, StringComparison.Ordinal);
    }

    private static SvgPicture Draw(IReadOnlyList<TrainingMetric> course)
    {
        using var folder = new TemporaryFolder();
        TrainingPlot.Save(course, "fashion", folder.File("training.svg"));
        return new SvgPicture(File.ReadAllText(folder.File("training.svg")));
    }
}
