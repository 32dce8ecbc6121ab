namespace HwNas.Core.Devices;

/// <summary>Finds the values of a profile that no measurement can bring.</summary>
internal static class DeviceProfileValidator
{
    // 100 s for one layer or network: nothing that is searched for takes as long.
    private const double MaxUs = 1e8;
    private const int MaxListed = 10;

    /// <summary>Throws one error that lists the problems, if there are any.</summary>
    public static void Check(DeviceProfile profile, string origin)
    {
        var problems = Problems(profile).Take(MaxListed + 1).ToList();
        if (problems.Count == 0)
            return;
        if (problems.Count > MaxListed)
            problems[MaxListed] = "…";
        throw new InputException($"'{origin}' is no usable device profile:\n  {string.Join("\n  ", problems)}\nMeasure the device again with `hwnas profile`.");
    }

    private static IEnumerable<string> Problems(DeviceProfile profile) =>
        Keys(profile).Concat(Figures(profile)).Concat(profile.Entries.SelectMany(Entry)).Concat(Duplicates(profile)).Concat(Nets(profile));

    private static IEnumerable<string> Keys(DeviceProfile profile)
    {
        if (profile.Device.Id.Length is 0 or > 64 || !profile.Device.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            yield return $"device.id '{profile.Device.Id}' is not made of lower-case letters, digits and hyphens";
        if (profile.Runtime.IntraOpThreads is < 1 or > 1024)
            yield return $"runtime.intra_op_threads is {profile.Runtime.IntraOpThreads}";
        if (profile.Runtime.Batch is < 1 or > 65536)
            yield return $"runtime.batch is {profile.Runtime.Batch}";
        if (profile.Fingerprint != DeviceProfile.FingerprintOf(profile.Device, profile.Runtime, profile.Space))
            yield return "fingerprint is not that of its device, runtime and space: figures of different origin were mixed";
        if (profile.Conditions.EndUtc < profile.Conditions.StartUtc)
            yield return "conditions.end_utc is before conditions.start_utc";
        if (profile.Entries.IsEmpty)
            yield return "entries is empty";
    }

    private static IEnumerable<string> Figures(DeviceProfile profile)
    {
        if (profile.Calibration.OverheadUs is not (>= 0 and < MaxUs))
            yield return $"calibration.overhead_us is {profile.Calibration.OverheadUs}";
        if (profile.Calibration.Scale is not (> 0.1 and < 10))
            yield return $"calibration.scale is {profile.Calibration.Scale}, not between 0.1 and 10";
        if (profile.Validation.IntervalPercent is not (> 0 and < 1000))
            yield return $"validation.interval_percent is {profile.Validation.IntervalPercent}";
        if (profile.Validation.NoiseFloorPercent is not (>= 0 and < 1000))
            yield return $"validation.noise_floor_percent is {profile.Validation.NoiseFloorPercent}";
    }

    private static IEnumerable<string> Entry(LatencyEntry entry)
    {
        double[] times = [entry.CiLowUs, entry.MedianUs, entry.CiHighUs, entry.MeanUs, entry.P90Us];
        if (times.FirstOrDefault(us => us is not (> 0 and < MaxUs), 1) is var odd and not 1)
            yield return $"entries['{entry.Layer}'] has a time of {odd} us";
        else if (entry.CiLowUs > entry.MedianUs || entry.MedianUs > entry.CiHighUs)
            yield return $"entries['{entry.Layer}'] has median_us {entry.MedianUs} outside of its interval {entry.CiLowUs}..{entry.CiHighUs}";
        if (entry.CpuMedianUs is not (>= 0 and < MaxUs))
            yield return $"entries['{entry.Layer}'] has cpu_median_us {entry.CpuMedianUs}";
        if (entry.Samples < 0 || entry.Samples == 0 != entry.Flags.Contains(EntryNote.Predicted))
            yield return $"entries['{entry.Layer}'] has {entry.Samples} samples, which contradicts its flags";
    }

    private static IEnumerable<string> Duplicates(DeviceProfile profile) =>
        profile.Entries.GroupBy(entry => entry.Layer).Where(group => group.Count() > 1).Select(group => $"entries has '{group.Key}' {group.Count()} times");

    private static IEnumerable<string> Nets(DeviceProfile profile) =>
        from net in profile.Validation.Nets
        where net.MeasuredUs is not (> 0 and < MaxUs) || net.PredictedUs is not (> 0 and < MaxUs)
        select $"validation.nets['{net.Architecture}'] has a time of {net.MeasuredUs} us measured, {net.PredictedUs} us predicted";
}
