using System.Globalization;
using System.Text;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Cli.Reporting;

/// <summary>A device profile for a person.</summary>
internal static class ProfileText
{
    public static string Of(DeviceProfile profile)
    {
        var text = new StringBuilder();
        var protocol = profile.Protocol;
        Line("device", $"{profile.Device.Id} ({profile.Device.CpuModel}; {string.Join(' ', profile.Device.IsaFlags)})");
        Line("runtime", profile.Runtime.ToString());
        Line("space", $"{profile.Space.Name}, {profile.Entries.Length} layers");
        Line("measured", $"{profile.Conditions.StartUtc:yyyy-MM-dd HH:mm} UTC, {protocol.Passes} passes after {protocol.WarmUpPasses} of warm-up, {(protocol.Source == TimeSource.Cpu ? "CPU" : "elapsed")} time, stopped: {protocol.StopReason}");
        Line("precision", $"±{protocol.PrecisionPercent:F2} % (typical 95 % interval of a median), {protocol.Disturbed} disturbed samples, drift {protocol.DriftPercent:+0.0;-0.0;0.0} %");
        Line("overhead", $"{profile.Calibration.OverheadUs:F1} µs a run, scale {profile.Calibration.Scale:F3}, {profile.Calibration.StepUs:+0.00;-0.00} µs a layer");
        Line("noise floor", $"{profile.Validation.NoiseFloorPercent:F2} % (split halves of whole networks)");
        Line("leave one out", Errors(profile.Validation.LeaveOneOut));
        if (profile.Validation.HeldOut is { } heldOut)
            Line("held out", Errors(heldOut));
        Line("95 % interval", $"±{profile.Validation.IntervalPercent:F1} % of a prediction");
        AppendKinds(text, profile);
        foreach (var warning in profile.Warnings)
            Line("warning", warning);
        return text.ToString();

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-14}{value}\n");
    }

    public static string OfComparison(DeviceProfile first, DeviceProfile second)
    {
        var comparison = ProfileComparison.Of(first, second);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"first         {first.Device.Id}: {first.Runtime}\n");
        text.Append(CultureInfo.InvariantCulture, $"second        {second.Device.Id}: {second.Runtime}\n");
        text.Append(CultureInfo.InvariantCulture, $"layers        {comparison.CommonLayers} in both, {comparison.OnlyFirst} only in the first, {comparison.OnlySecond} only in the second\n");
        text.Append(CultureInfo.InvariantCulture, $"same order    Kendall τ {comparison.KendallTau:F3}\n");
        text.Append(CultureInfo.InvariantCulture, $"second/first  {comparison.MedianRatio:F2} (median)\n");
        text.Append("\nkind              layers    median     least      most\n");
        foreach (var kind in comparison.Kinds)
            text.Append(CultureInfo.InvariantCulture, $"{kind.Kind,-18}{kind.Layers,6}{kind.MedianRatio,10:F2}{kind.LeastRatio,10:F2}{kind.MostRatio,10:F2}\n");
        return text.ToString();
    }

    private static void AppendKinds(StringBuilder text, DeviceProfile profile)
    {
        text.Append("\nkind    layers  median µs   fastest   slowest\n");
        foreach (var kind in profile.Entries.GroupBy(entry => entry.Layer.Split('-')[0]))
        {
            text.Append(CultureInfo.InvariantCulture, $"{kind.Key,-8}{kind.Count(),6}{TimeSummary.Median(kind.Select(e => e.MedianUs)),11:F1}{kind.Min(e => e.MedianUs),10:F1}{kind.Max(e => e.MedianUs),10:F1}\n");
        }
    }

    private static string Errors(PredictionErrors errors) => string.Create(
        CultureInfo.InvariantCulture,
        $"{errors.Nets} networks: median error {errors.MedianErrorPercent:F1} %, worst {errors.WorstErrorPercent:F1} %, bias {errors.BiasPercent:+0.0;-0.0} %, within 5 %: {errors.Within5Percent:F0} %, Kendall τ {errors.KendallTau:F2}");
}
