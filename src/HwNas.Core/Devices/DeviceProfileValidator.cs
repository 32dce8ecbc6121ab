namespace HwNas.Core.Devices;

/// <summary>Refuses profiles with impossible values: a wrong number here would be a wrong search.</summary>
internal static class DeviceProfileValidator
{
    private const double MaxUs = 1e9;

    /// <exception cref="InputException">Values are impossible or contradict each other; the message
    /// lists what and where.</exception>
    public static void Check(DeviceProfile profile, string origin)
    {
        var problems = new List<string>();
        if (!DeviceIds.IsValid(profile.Device.Id))
            problems.Add($"device.id: '{profile.Device.Id}' must be 1 to 64 lower-case letters, digits and hyphens");
        if (profile.Fingerprint != DeviceProfile.FingerprintOf(profile.Device, profile.Runtime, profile.Space))
        {
            problems.Add(
                "fingerprint: it is not that of device, runtime and space; measurements of different devices or runtimes "
                + "cannot be mixed");
        }

        if (profile.Runtime is not { IntraOpThreads: >= 1 and <= 1024, Batch: >= 1 and <= 65_536 })
            problems.Add("runtime: threads or batch are out of range");
        if (profile.Calibration is not { OverheadUs: >= 0 and < MaxUs, Scale: >= 0.1 and < 10, StepUs: > -MaxUs and < MaxUs })
        {
            problems.Add(
                $"calibration: an overhead of {profile.Calibration.OverheadUs} µs with a scale of {profile.Calibration.Scale} "
                + $"and a step of {profile.Calibration.StepUs} µs is not plausible");
        }

        if (!(profile.Validation.IntervalPercent is null or (>= 0 and < 1000)
            && profile.Validation.NoiseFloorPercent is null or (>= 0 and < 1000)))
        {
            problems.Add("validation: the interval or the noise floor is out of range");
        }

        if (profile.Entries.IsDefaultOrEmpty)
            problems.Add("entries: there are none");
        else
            CheckEntries(profile, problems);
        if (problems.Count > 0)
        {
            throw new InputException(
                $"'{origin}' is no valid device profile:\n  {string.Join("\n  ", problems.Take(20))}\n"
                + "Measure again with 'hwnas profile', or restore it from a copy.");
        }
    }

    private static void CheckEntries(DeviceProfile profile, List<string> problems)
    {
        var twice = profile.Entries.GroupBy(entry => entry.Layer).Where(entries =>
            entries.DistinctBy(entry => entry.Resolution).Count() < entries.Count()
            || (entries.Count() > 1 && entries.Any(entry => entry.Resolution is null)));
        problems.AddRange(twice.Select(entries => $"entries: '{entries.Key}' is there twice"));
        foreach (var entry in profile.Entries)
        {
            if (string.IsNullOrEmpty(entry.Layer) || entry.Layer.Length > 512)
                problems.Add("entries: one has no layer");
            if (entry.Resolution is < 1)
                problems.Add($"entries: '{entry.Layer}' has a resolution below 1");
            double[] times = [entry.MedianUs, entry.MeanUs, entry.P90Us, entry.CiLowUs, entry.CiHighUs];
            if (!times.All(time => time is > 0 and < MaxUs) || entry.CpuMedianUs is not (>= 0 and < MaxUs))
                problems.Add($"entries: '{entry.Layer}' has a time that is not between 0 and {MaxUs:R} µs");
            else if (entry.CiLowUs > entry.MedianUs || entry.CiHighUs < entry.MedianUs)
                problems.Add($"entries: the interval of '{entry.Layer}' does not hold its median");
        }

        foreach (var net in profile.Validation.Nets)
        {
            if (net is not { PredictedUs: > 0 and < MaxUs, MeasuredUs: > 0 and < MaxUs })
                problems.Add($"validation.nets: '{net.Architecture}' has a time that is out of range");
        }
    }
}
