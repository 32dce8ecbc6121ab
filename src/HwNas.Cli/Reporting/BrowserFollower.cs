using System.Globalization;
using HwNas.Core;
using HwNas.Remote.Browser;

namespace HwNas.Cli.Reporting;

/// <summary>
/// Shows in the terminal what the devices do: one bar for all, a line for each that comes and for what is refused.
/// </summary>
internal sealed class BrowserFollower(ProgressLine line, int wanted) : IProgress<BrowserNews>
{
    // Who can reach the port can send rubbish without end; the terminal need not show it all.
    private const int MaxRefusals = 50;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, BrowserNews.Progress> _devices = new(StringComparer.Ordinal);
    private int _refusals;

    public void Report(BrowserNews value)
    {
        lock (_gate)
        {
            switch (value)
            {
                case BrowserNews.Joined joined:
                    line.Note(
                        $"{joined.Device}: {joined.Description}, "
                        + $"{(joined.Passes > 0 ? $"continues after {Plural.Of(joined.Passes, "pass", "passes")}" : "begins")}");
                    break;
                case BrowserNews.Progress progress:
                    _devices[progress.Device] = progress;
                    line.Report(
                        _devices.Values.Sum(device => device.Share), Math.Max(wanted, _devices.Count),
                        string.Join(", ", _devices.Values.Select(Describe)));
                    break;
                case BrowserNews.Refused refused when _refusals++ < MaxRefusals:
                    line.Note(
                        $"refused ({refused.From}): "
                        + $"{refused.Reason}{(_refusals == MaxRefusals ? " Further refusals are not shown." : "")}");
                    break;
            }
        }
    }

    private static string Describe(BrowserNews.Progress device) => string.Create(
        CultureInfo.InvariantCulture,
        $"{device.Device} {Math.Floor(100 * device.Share)} % {device.Stage}{(device.Note.Length > 0 ? " " + device.Note : "")}");
}
