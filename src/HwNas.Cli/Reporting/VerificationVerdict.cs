using System.Globalization;
using System.Text;
using HwNas.Core;
using HwNas.Onnx.Export;
using MathNet.Numerics.Distributions;

namespace HwNas.Cli.Reporting;

/// <summary>
/// What the verifications of models say together: whether as many intervals held as were promised, and which models broke the
/// latency budget of their search.
/// </summary>
internal sealed class VerificationVerdict
{
    // Intervals are of 95 %. So many broken ones, or more, come by chance in less than 5 % of cases.
    private const double Broken = 0.05, Improbable = 0.05;

    private const int LabelColumns = 16;

    private readonly StringBuilder _text = new();

    /// <param name="cards">The models, verified just now.</param>
    /// <param name="limitsUs">The latency budgets that their search kept, by device.</param>
    public VerificationVerdict(IReadOnlyList<ModelCard> cards, IReadOnlyDictionary<string, double> limitsUs)
    {
        var judged = cards.Select(card => card.Verifications[^1].KeepsPrediction).OfType<bool>().ToList();
        var outside = judged.Count(keeps => !keeps);
        if (judged.Count > 1)
            Say("intervals", $"held for {judged.Count - outside} of {Plural.Of(judged.Count, "model")}; 95 % were promised");
        if (outside > 0 && 1 - Binomial.CDF(Broken, judged.Count, outside - 1) <= Improbable + 1e-9)
        {
            IsKept = false;
            Say("TOO FEW", $"intervals held to explain it by chance. Measure the profile again, under the conditions of its use");
        }

        foreach (var card in cards)
        {
            var found = card.Verifications[^1];
            if (!limitsUs.TryGetValue(found.Device, out var limitUs) || found.MeasuredUs <= limitUs)
                continue;
            IsKept = false;
            Say("OVER BUDGET", $"{card.Architecture}: {found.MeasuredUs:F1} µs; at most {limitUs:0.###} µs were asked for");
        }
    }

    /// <summary>Whether all was as promised.</summary>
    public bool IsKept { get; } = true;

    /// <summary>It for a person, each line ended.</summary>
    public override string ToString() => _text.ToString();

    private void Say(string label, FormattableString text) => _text.Append(
        CultureInfo.InvariantCulture, $"{label.PadRight(LabelColumns)}{text.ToString(CultureInfo.InvariantCulture)}\n");
}
