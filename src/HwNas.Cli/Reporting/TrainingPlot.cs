using HwNas.Core;
using HwNas.Supernet.Training;
using ScottPlot;

namespace HwNas.Cli.Reporting;

/// <summary>
/// Draws the course of a training: the accuracy of the largest and the smallest subnet where it was looked at, and behind it
/// their losses and the mean loss of random ones, on an axis of their own.
/// </summary>
internal static class TrainingPlot
{
    private static readonly Color Largest = Color.FromHex("0072B2"), Smallest = Color.FromHex("D55E00"),
        Random = Color.FromHex("999999");

    /// <summary>Draws the training of a run, without files into those of the run.</summary>
    /// <returns>The pictures.</returns>
    /// <exception cref="InputException">There is none, or a picture cannot be written.</exception>
    public static string[] Save(NasRun run, string[] files)
    {
        var folder = run.Folder;
        using var held = files.Length == 0 ? run.Lock() : null;
        var title = $"{TrainingRecord.Read(folder.Training).Space.Name}: training";
        var course = TrainingMetrics.Read(folder.Metrics);
        if (files.Length == 0)
            files = [folder.TrainingPng, folder.TrainingSvg];
        foreach (var file in files)
            Save(course, title, file);
        return files;
    }

    /// <summary>Draws a course.</summary>
    /// <param name="course">The lines of <c>metrics.jsonl</c>.</param>
    /// <param name="title">What was trained.</param>
    /// <param name="path">The picture.</param>
    /// <exception cref="InputException">There is no step yet, or the picture cannot be written.</exception>
    public static void Save(IReadOnlyList<TrainingMetric> course, string title, string path)
    {
        if (course.Count == 0)
            throw new InputException("The training has no step yet that could be drawn.");
        PlotFile.Save(() => Draw(course, title), path);
    }

    private static Plot Draw(IReadOnlyList<TrainingMetric> course, string title)
    {
        var plot = new Plot();
        var looks = course.Where(metric => metric.Accuracy is not null).ToList();

        // Without accuracies the losses have the axis.
        var losses = looks.Count > 0 ? plot.Axes.Right : plot.Axes.Left;
        if (course.Any(metric => metric.RandomLoss is not null))
            AddLoss(metric => metric.RandomLoss ?? double.NaN, Random, "Loss of random ones");
        AddLoss(metric => metric.LargestLoss, Largest, "Loss of the largest");
        AddLoss(metric => metric.SmallestLoss, Smallest, "Loss of the smallest");
        AddAccuracy(look => look.LargestTop1Percent, Largest, MarkerShape.FilledCircle, "Accuracy of the largest subnet");
        AddAccuracy(look => look.SmallestTop1Percent, Smallest, MarkerShape.FilledSquare, "Accuracy of the smallest");
        plot.Axes.SetLimitsX(0, course[^1].Step * 1.02);
        var (low, high) = Range(course.SelectMany(
            metric => new[] { metric.LargestLoss, metric.SmallestLoss, metric.RandomLoss ?? metric.LargestLoss }));
        plot.Axes.SetLimitsY(Math.Min(0, low), high, losses);
        if (looks.Count > 0)
        {
            (low, high) = Range(
                looks.SelectMany(look => new[] { look.Accuracy!.LargestTop1Percent, look.Accuracy.SmallestTop1Percent }));
            plot.Axes.SetLimitsY(low, high, plot.Axes.Left);
        }

        var images = looks.Count > 0 ? Plural.Of(looks[^1].Accuracy!.Images, "validation image") : "";
        PlotFile.Style(
            plot, title, "Steps", looks.Count > 0 ? $"Top-1 accuracy on {images} (%)" : "Loss",
            looks.Count > 0 ? "Loss" : null);
        return plot;

        void AddLoss(Func<TrainingMetric, double> loss, Color color, string legend)
        {
            var line = plot.Add.ScatterLine(
                course.Select(metric => (double)metric.Step).ToArray(),
                course.Select(metric => Placeable(loss(metric))).ToArray(), color.WithAlpha(.45));
            line.LineWidth = 1.5f;
            line.LegendText = legend;
            line.Axes.YAxis = losses;
        }

        void AddAccuracy(Func<CheckedAccuracy, double> accuracy, Color color, MarkerShape shape, string legend)
        {
            if (looks.Count == 0)
                return;
            var line = plot.Add.Scatter(
                looks.Select(look => (double)look.Step).ToArray(),
                looks.Select(look => Placeable(accuracy(look.Accuracy!))).ToArray(),
                color);
            line.LineWidth = 2.5f;
            line.MarkerShape = shape;
            line.MarkerSize = 9;
            line.LegendText = legend;
        }
    }

    // What is beyond all pixels is left out.
    private static double Placeable(double value) => Math.Abs(value) < 1e30 ? value : double.NaN;

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(value => double.IsFinite(Placeable(value)))];
        if (finite.Length == 0)
            return (0, 1);
        var margin = Math.Max(.05 * (finite.Max() - finite.Min()), 1e-3 * Math.Max(1, Math.Abs(finite.Max())));
        return (finite.Min() - margin, finite.Max() + margin);
    }
}
