using System.Globalization;
using System.Text;
using HwNas.Onnx.Export;

namespace HwNas.Cli.Reporting;

/// <summary>What verification found, for a person.</summary>
internal static class VerificationText
{
    public static string Of(IReadOnlyList<ModelCard> cards, Screen screen)
    {
        var text = new StringBuilder();
        foreach (var card in cards)
        {
            var found = card.Verifications[^1];
            text.Append(CultureInfo.InvariantCulture, $"{card.Architecture}\n");
            text.Append(
                CultureInfo.InvariantCulture,
                $"  test accuracy   {found.TestTop1Percent:F2} % of {found.TestImages} images (validation "
                + $"{card.ValidationTop1Percent:F2} %)\n");
            if (card.Quantization is { } quantization)
                text.Append(CultureInfo.InvariantCulture, $"  quantisation    {quantization}\n");
            if (found.Agreement is { } agreement)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  supernet        same class on {agreement.SameClassPercent:F2} % of {agreement.Images} images, "
                    + $"{card.Form.Output.ToString().ToLowerInvariant()} within {agreement.MaxLogitDifference:0.0e0}\n");
            }

            var predicted = found.PredictedUs is { } us
                ? string.Create(
                    CultureInfo.InvariantCulture, $", predicted {us:F1} µs ({100 * ((us / found.MeasuredUs) - 1):+0.0;-0.0} %)")
                : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"  latency         {found.MeasuredUs:F1} µs (95 % interval {found.MeasuredLowUs:F1} to "
                + $"{found.MeasuredHighUs:F1}) on {found.Device}{predicted}\n");
            if (found.KeepsPrediction is false)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  OUTSIDE         the prediction's 95 % interval, {found.PredictedLowUs:F1} to "
                    + $"{found.PredictedHighUs:F1} µs\n");
            }
        }

        return screen.Fold(text.Append(Warnings(cards, label: 16)).ToString());
    }

    /// <summary>What casts doubt on the measurements of models, a line each, without those of single models.</summary>
    /// <param name="cards">The models.</param>
    /// <param name="label">Columns of what stands before a text.</param>
    public static string Warnings(IEnumerable<ModelCard> cards, int label) => string.Concat(
        cards.SelectMany(card => card.Verifications[^1].Warnings).Distinct().Select(w => $"{"warning".PadRight(label)}{w}\n"));

    /// <summary>How many models were measured outside what was predicted; null where none was.</summary>
    public static string? Outside(IReadOnlyList<ModelCard> cards) =>
        cards.Count(card => card.Verifications[^1].KeepsPrediction is false) is > 0 and var outside
            ? $"{outside} of {cards.Count} models took longer or shorter than their 95 % intervals say: the machine is busy, or "
                + "runs at another speed than when it was profiled"
            : null;
}
