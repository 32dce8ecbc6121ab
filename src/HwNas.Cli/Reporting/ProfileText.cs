using System.Globalization;
using System.Text;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Statistics;

namespace HwNas.Cli.Reporting;

/// <summary>A device profile for a person.</summary>
internal static class ProfileText
{
    private const string Unknown = "unknown";

    public static string Of(DeviceProfile profile, Screen screen)
    {
        var text = new StringBuilder();
        var protocol = profile.Protocol;
        var flags = string.Join(' ', profile.Device.IsaFlags);
        Line("device", $"{profile.Device.Id} ({profile.Device.CpuModel}{(flags.Length > 0 ? $"; {flags}" : "")})");
        Line("runtime", profile.Runtime.ToString());
        Line("space", $"{profile.Space.Name}, {Plural.Of(profile.Entries.Length, "layer")}");
        Line("measured", IsKnown(protocol)
            ? $"{profile.Conditions.StartUtc:yyyy-MM-dd HH:mm} UTC, {Plural.Of(protocol.Passes, "pass", "passes")} after "
                + $"{protocol.WarmUpPasses} of warm-up, {(protocol.Source == TimeSource.Cpu ? "CPU" : "elapsed")} time, "
                + $"stopped: {protocol.StopReason}"
            : $"elsewhere, how is unknown; imported {profile.Conditions.StartUtc:yyyy-MM-dd HH:mm} UTC");
        Line("precision", IsKnown(protocol)
            ? $"{Known(protocol.PrecisionPercent, "±{0:F2} %")} (typical 95 % interval of a median), {protocol.Disturbed} "
                + $"disturbed samples, drift {Known(protocol.DriftPercent, "{0:+0.0;-0.0;0.0} %")}"
            : Unknown);
        Line(
            "overhead",
            $"{profile.Calibration.OverheadUs:F1} µs a run, scale {profile.Calibration.Scale:F3}, "
            + $"{profile.Calibration.StepUs:+0.00;-0.00} µs a layer");
        Line("noise floor", Known(profile.Validation.NoiseFloorPercent, "{0:F2} % (split halves of whole networks)"));
        if (profile.Validation.LeaveOneOut is { } leaveOneOut)
            Line("leave one out", Errors(leaveOneOut));
        if (profile.Validation.HeldOut is { } heldOut)
            Line("held out", Errors(heldOut));
        Line("95 % interval", Known(profile.Validation.IntervalPercent, "±{0:F1} % of a prediction"));
        foreach (var warning in profile.Warnings)
            Line("warning", warning);
        text.Append('\n').Append(Kinds(profile).ToText(screen));
        if (!profile.Validation.Nets.IsEmpty)
            text.Append('\n').Append(Nets(profile).ToText(screen));
        return screen.Fold(text.ToString());

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-15}{value}\n");
    }

    /// <summary>How well the profile predicts networks that it was not fitted on, in a few words.</summary>
    public static string Trust(DeviceProfile profile) =>
        (profile.Validation.HeldOut ?? profile.Validation.LeaveOneOut) is { } errors
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"networks that it does not know are predicted within {errors.MedianErrorPercent:F1} % (median), "
                + $"{errors.WorstErrorPercent:F1} % (worst)")
            : "how far to trust it is not known";

    public static string OfComparison(DeviceProfile first, DeviceProfile second, Screen screen)
    {
        var comparison = ProfileComparison.Of(first, second);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"first         {first.Device.Id}: {first.Runtime}\n");
        text.Append(CultureInfo.InvariantCulture, $"second        {second.Device.Id}: {second.Runtime}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"layers        {comparison.CommonLayers} in both, {comparison.OnlyFirst} only in the first, {comparison.OnlySecond} "
            + $"only in the second\n");
        text.Append(CultureInfo.InvariantCulture, $"same order    Kendall τ {comparison.KendallTau:F3}\n");
        text.Append(CultureInfo.InvariantCulture, $"second/first  {comparison.MedianRatio:F2} (median)\n");
        text.Append('\n').Append(new TextTable(
            [new("kind", IsText: true) { IsName = true }, new("layers"), new("median"), new("least"), new("most")],
            [.. comparison.Kinds.Select(kind =>
                new[] { kind.Kind, Whole(kind.Layers), Ratio(kind.MedianRatio), Ratio(kind.LeastRatio), Ratio(kind.MostRatio) })])
            .ToText(screen));
        return screen.Fold(text.ToString());

        static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
    }

    // What an imported table does not say has no figures.
    private static bool IsKnown(MeasurementProtocol protocol) => protocol.PrecisionPercent is not null;

    private static string Known(double? value, string format) =>
        value is { } known ? string.Format(CultureInfo.InvariantCulture, format, known) : Unknown;

    // A row for each kind of layer, at each size of its input; the bar is the median on a common scale.
    private static TextTable Kinds(DeviceProfile profile)
    {
        const int BarLength = 24;
        var groups = profile.Entries.GroupBy(entry => $"{LayerKind.Of(entry.Layer)} {LayerKind.InputSizeOf(entry.Layer)}")
            .Select(group => (Kind: group.Key, Entries: group.ToList())).ToList();
        var most = groups.Max(group => MedianUs(group.Entries));
        return new TextTable(
            [
                new("kind", IsText: true) { IsName = true }, new("layers"), new("predicted") { DropOrder = 2 }, new("median µs"),
                new("fastest"),
                new("slowest"), new("±95 %") { DropOrder = 1 }, new("", IsText: true) { DropOrder = 3 },
            ],
            [.. groups.Select(group => new[]
            {
                group.Kind, Whole(group.Entries.Count),
                Whole(group.Entries.Count(entry => entry.Flags.Contains(EntryMark.Predicted))), Tenths(MedianUs(group.Entries)),
                Tenths(group.Entries.Min(entry => entry.MedianUs)), Tenths(group.Entries.Max(entry => entry.MedianUs)),
                Precision(group.Entries),
                new string('█', Math.Max(1, (int)Math.Round(BarLength * MedianUs(group.Entries) / most))),
            })]);

        // An interval that is a point stands for one that nobody knows.
        static string Precision(List<LatencyEntry> entries) => entries.Any(entry => entry.CiHighUs > entry.CiLowUs)
            ? Tenths(Quantiles.Median(entries.Select(entry => 50 * (entry.CiHighUs - entry.CiLowUs) / entry.MedianUs))) + " %"
            : Unknown;

        static double MedianUs(List<LatencyEntry> entries) => Quantiles.Median(entries.Select(entry => entry.MedianUs));
    }

    // The networks that judge, by time: where the mark is left of the middle, the prediction is too fast.
    private static TextTable Nets(DeviceProfile profile)
    {
        const int Reach = 10;
        return new TextTable(
            [
                new("measured µs"),
                new("predicted"),
                new("error"),
                new($"-{Reach} %{"",-16}+{Reach} %", IsText: true) { DropOrder = 1 },
                new("", IsText: true),
            ],
            [.. profile.Validation.Nets.OrderBy(net => net.MeasuredUs).Select(net =>
            {
                var error = 100 * ((net.PredictedUs / net.MeasuredUs) - 1);
                var scale = new string('·', (2 * Reach) + 1).ToCharArray();
                scale[Reach] = '|';
                scale[Reach + (int)Math.Clamp(Math.Round(error), -Reach, Reach)] = 'o';
                return new[]
                {
                    Tenths(net.MeasuredUs), Tenths(net.PredictedUs),
                    error.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %", new string(scale),
                    net.Calibrates ? "left out" : "held out",
                };
            })]);
    }

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Tenths(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private static string Errors(PredictionErrors errors) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Plural.Of(errors.Nets, "network")}: median error {errors.MedianErrorPercent:F1} %, "
        + $"worst {errors.WorstErrorPercent:F1} %, bias {errors.BiasPercent:+0.0;-0.0} %, "
        + $"within 5 %: {errors.Within5Percent:F0} %, Kendall τ {errors.KendallTau:F2}");
}
