using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using MathNet.Numerics.Distributions;

namespace HwNas.Cli.Formats;

/// <summary>
/// The latency tables of once-for-all (Cai et al. 2020, arXiv 1908.09791): a YAML file for each resolution, times in
/// milliseconds under keys such as
/// <c>expanded_conv-input:56x56x24-output:28x28x40-expand:72-kernel:5-stride:2-idskip:0-se:1-hs:0</c>; the time
/// of a network is their plain sum.
/// </summary>
internal static class OfaLatencyTable
{
    private const double UsPerMs = 1000;
    private const double LeastUs = 1e-3;

    private static readonly double NormalQuantile90 = Normal.InvCDF(0, 1, 0.9);
    private static readonly double NormalQuantile975 = Normal.InvCDF(0, 1, 0.975);

    /// <summary>
    /// Reads tables as a profile. It covers the layers of the space that the tables have; nothing
    /// in them says how far to trust it. A layer that several resolutions have was measured for each, and has an entry for each:
    /// sums are once-for-all's own.
    /// </summary>
    /// <param name="paths">The files, one for each resolution, which is told by the first convolution. What several files of one
    /// resolution have is averaged, and that is said.</param>
    /// <param name="space">The space whose layers are looked up.</param>
    /// <param name="device">Id to give the device.</param>
    /// <param name="readAt">The time now.</param>
    /// <exception cref="InputException">A file is no such table, has an impossible time, or they have
    /// no layer of the space.</exception>
    public static DeviceProfile Import(IReadOnlyList<string> paths, MbConvSpace space, string device, DateTimeOffset readAt)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(space);
        var tables = paths.Select(OfaTableFile.Read).ToList();
        var layers = TabledLayers(tables, space);
        ImmutableArray<LatencyEntry> entries = [.. layers.Select(layer => layer.Entry)];
        if (entries.IsEmpty)
        {
            throw new InputException(
                $"{string.Join(", ", paths)}: none of the keys is a layer of the space '{space.Name}', or there is no first "
                + $"convolution of its resolutions, such as '{KeysOf(space.BlocksAt(space.Resolutions[0]).First())[0]}'. "
                + "Name the space with --space: once-for-all's tables are of ofa-mobilenetv3 and its kin.");
        }

        var description = new DeviceDescription(device, device, "", "", "unknown", [], [], 0, "", "unknown", "");
        var runtime = new RuntimeRequest().ToKey("once-for-all-table", "1");
        var reference = new SpaceReference(space.Name, space.Hash);
        return new DeviceProfile
        {
            ToolVersion = ToolVersion.Text,
            Device = description,
            Runtime = runtime,
            RuntimeDetails = new RuntimeDetails(ImmutableSortedDictionary<string, string>.Empty, Spinning: false, Affinity: ""),
            Space = reference,
            Fingerprint = DeviceProfile.FingerprintOf(description, runtime, reference),
            Conditions = new MeasurementConditions(readAt, readAt, null, null, null, null, null, null, null, null, 0),
            Protocol = new MeasurementProtocol(
                0, 0, entries.Min(entry => entry.Samples), 0, "unknown", 1, TimeSource.Wall, StopReason.EnoughPasses,
                PrecisionPercent: null, DriftPercent: null),
            Calibration = new Calibration(OverheadUs: 0, Scale: 1, StepUs: 0),
            Entries = entries,
            Validation = new ProfileValidation(
                NoiseFloorPercent: null, IntervalPercent: null, LeaveOneOut: null, HeldOut: null, []),
            Warnings = [.. Warnings(layers)],
        };
    }

    /// <summary>
    /// The text of a table for one resolution. Its plain sum is the profile's prediction: each layer counts as it does
    /// within a network, the overhead of a run is added to the first convolution, and the parts of the head, which are
    /// measured together, stand under <c>Conv_1</c>.
    /// </summary>
    /// <exception cref="InputException">The space has no such resolution, or the profile lacks layers.</exception>
    public static string Export(DeviceProfile profile, MbConvSpace space, int resolution)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(space);
        if (!space.Definition.Resolutions.Contains(resolution))
        {
            throw new InputException(
                $"The space '{space.Name}' has no resolution {resolution}. "
                + $"It has {string.Join(", ", space.Definition.Resolutions)}.");
        }

        var only = MbConvSpace.Create(space.Definition with { Resolutions = [resolution] }, space.Name);
        var table = LatencyTable.For(profile, only);
        var entries = profile.Entries.Where(entry => entry.Resolution is null || entry.Resolution == resolution)
            .ToDictionary(entry => entry.Layer);
        var text = new StringBuilder();
        var written = new HashSet<string>();
        foreach (var layer in only.DistinctBlocks())
        {
            var us = table.LayerUs(layer, resolution) + (layer.Name == "stem" ? profile.Calibration.OverheadUs : 0);
            var entry = entries[layer.LatencyKey];
            var stdUs = (entry.CiHighUs - entry.CiLowUs) / (2 * NormalQuantile975) * Math.Sqrt(Math.Max(1, entry.Samples));
            var keys = KeysOf(layer);
            if (!written.Add(keys[0]))
            {
                throw new InputException(
                    $"Once-for-all's format has one key, '{keys[0]}', for several layers of '{space.Name}', "
                    + $"such as '{layer.LatencyKey}': it cannot hold this profile.");
            }

            Append(text, keys[0], entry.Samples, us, stdUs);
            // Heads of different inputs share their last parts.
            foreach (var part in keys.Skip(1).Where(written.Add))
                Append(text, part, entry.Samples, 0, 0);
        }

        return text.ToString();
    }

    // The keys under which the format keeps a layer; the head is several.
    private static string[] KeysOf(Block layer)
    {
        var input = layer.Inputs[0];
        if (layer.Find("depthwise") is { Operation: Convolution depthwise })
        {
            var hardSwish = layer.Find("depthwise.activation") is { Operation: Activate { Function: Activation.HardSwish } };
            return
            [
                $"expanded_conv-input:{Shape(input)}-output:{Shape(layer.Output)}-expand:{depthwise.InChannels}"
                    + $"-kernel:{depthwise.Kernel}-stride:{depthwise.Stride}-idskip:{Bit(layer.Find("add") is not null)}"
                    + $"-se:{Bit(layer.Find("squeeze") is not null)}-hs:{Bit(hardSwish)}",
            ];
        }

        if (layer.Find("classifier") is not { Operation: Linear linear })
            return [$"Conv-input:{Shape(input)}-output:{Shape(layer.Output)}"];
        var conv = layer.Find("conv")!.Output;
        var pooled = conv with { Height = 1, Width = 1 };
        var mixed = pooled with { Channels = linear.InChannels };
        string[] mix = layer.Find("mix") is null ? [] : [$"Conv_2-input:{Shape(pooled)}-output:{Shape(mixed)}"];
        return
        [
            $"Conv_1-input:{Shape(input)}-output:{Shape(conv)}",
            $"AvgPool2D-input:{Shape(conv)}-output:{Shape(pooled)}",
            .. mix,
            $"Logits-input:{Shape(mixed)}-output:{linear.OutChannels}",
        ];
    }

    // How ProxylessNAS (Cai et al. 2019) names what it has: expansion as a ratio, no squeeze-and-excitation, no hard
    // swish, the pooling within the classifier.
    private static IEnumerable<string[]> OlderKeysOf(Block layer)
    {
        var input = layer.Inputs[0];
        if (layer.Find("depthwise") is { Operation: Convolution depthwise })
        {
            var hardSwish = layer.Find("depthwise.activation") is { Operation: Activate { Function: Activation.HardSwish } };
            if (layer.Find("squeeze") is null && !hardSwish && depthwise.InChannels % input.Channels == 0)
            {
                yield return
                [
                    $"expanded_conv-input:{Shape(input)}-output:{Shape(layer.Output)}"
                        + $"-expand:{depthwise.InChannels / input.Channels}-kernel:{depthwise.Kernel}"
                        + $"-stride:{depthwise.Stride}-idskip:{Bit(layer.Find("add") is not null)}",
                ];
            }
        }
        else if (layer.Find("classifier") is { Operation: Linear linear } && layer.Find("mix") is null)
        {
            var conv = layer.Find("conv")!.Output;
            yield return
            [
                $"Conv_1-input:{Shape(input)}-output:{Shape(conv)}",
                $"Logits-input:{Shape(conv)}-output:{linear.OutChannels}",
            ];
        }
    }

    // Each resolution from its own tables, told by the first convolution.
    private static List<TabledLayer> TabledLayers(
        IReadOnlyList<IReadOnlyDictionary<string, OfaRow>> tables, MbConvSpace space)
    {
        var layers = space.Resolutions.SelectMany(
            resolution => space.BlocksAt(resolution).DistinctBy(layer => layer.LatencyKey),
            (resolution, layer) => (Layer: layer, Resolution: resolution));
        var shared = layers.CountBy(at => at.Layer.LatencyKey).Where(count => count.Value > 1).Select(count => count.Key)
            .ToHashSet();
        var tablesAt = space.Resolutions.ToDictionary(
            resolution => resolution,
            resolution => tables.Where(table => table.Keys.Any(
                key => key.StartsWith($"Conv-input:{resolution}x{resolution}x", StringComparison.Ordinal))).ToList());
        return
        [
            .. from at in layers
               let tabled = Tabled(at.Layer, tablesAt[at.Resolution])
               where tabled is not null
               select shared.Contains(at.Layer.LatencyKey)
                   ? tabled with { Entry = tabled.Entry with { Resolution = at.Resolution } }
                   : tabled,
        ];
    }

    // A layer's parts come from one table: those that do not depend on the resolution, such as the
    // classifier, were measured in each.
    private static TabledLayer? Tabled(Block layer, IReadOnlyList<IReadOnlyDictionary<string, OfaRow>> tables)
    {
        string[][] forms = [KeysOf(layer), .. OlderKeysOf(layer)];
        var found = new List<OfaRow[]>();
        foreach (var table in tables)
        {
            if (Array.Find(forms, keys => Array.TrueForAll(keys, table.ContainsKey)) is { } keys)
                found.Add(Array.ConvertAll(keys, key => table[key]));
        }

        if (found.Count == 0)
            return null;
        var count = Math.Max(1, found.Sum(parts => parts.Min(row => row.Count)));
        var sumsUs = found.ConvertAll(parts => UsPerMs * parts.Sum(row => row.MeanMs));
        var us = Math.Max(LeastUs, sumsUs.Average());
        var stdUs = UsPerMs * Math.Sqrt(found.Average(parts => parts.Sum(row => row.StdMs * row.StdMs)));
        var reach = NormalQuantile975 * stdUs / Math.Sqrt(count);
        return new TabledLayer(
            new LatencyEntry(
                layer.LatencyKey, count, us, us, us + (NormalQuantile90 * stdUs), Math.Max(LeastUs, us - reach), us + reach, 0,
                []),
            sumsUs.Max() - sumsUs.Min());
    }

    private static IEnumerable<string> Warnings(IReadOnlyList<TabledLayer> layers)
    {
        yield return "Imported from once-for-all's format: neither how it was measured nor how far to trust it is known. "
            + "Networks are taken to be the plain sum of their layers.";
        var differing = layers.Where(layer => layer.SpreadUs > 0).ToList();
        if (differing.Count > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{Plural.Of(differing.Count, "layer stands", "layers stand")} in several tables of one resolution, "
                + $"with times up to {differing.Max(layer => layer.SpreadUs):F1} µs apart: the profile has their means.");
        }
    }

    private static void Append(StringBuilder text, string key, int count, double us, double stdUs) =>
        text.Append(
            CultureInfo.InvariantCulture, $"{key}:\n  count: {count}\n  mean: {us / UsPerMs:R}\n  std: {stdUs / UsPerMs:R}\n");

    private static string Shape(FeatureShape shape) => $"{shape.Height}x{shape.Width}x{shape.Channels}";

    private static int Bit(bool value) => value ? 1 : 0;

    // A layer, and how far apart the tables are that have it.
    private sealed record TabledLayer(LatencyEntry Entry, double SpreadUs);
}
