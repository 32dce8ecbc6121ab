using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Agents;

namespace HwNas;

/// <summary>Whether what is about to measure is the device of a profile: a prediction is compared with no other.</summary>
public static class ProfiledDevice
{
    /// <summary>Requires the profile's device, before anything is measured.</summary>
    /// <param name="profile">The profile; null compares nothing.</param>
    /// <param name="inBrowser">Whether a browser measures.</param>
    /// <param name="agent">The agent that measures; null for this machine or a browser.</param>
    /// <param name="cancellation">Stops asking the agent.</param>
    /// <exception cref="InputException">Another device would measure, or another runtime.</exception>
    public static async Task Require(DeviceProfile? profile, bool inBrowser, AgentClient? agent, CancellationToken cancellation)
    {
        if (profile is null)
            return;
        if (inBrowser != profile.Runtime.Name.StartsWith("onnxruntime-web", StringComparison.Ordinal))
        {
            throw new InputException(
                $"The profile of '{profile.Device.Id}' is of {profile.Runtime}. "
                + (inBrowser ? "Leave out --browser, or give a browser's profile." : "Add --browser, or give another profile."));
        }

        // Which browser comes is known when it has come.
        if (inBrowser)
            return;
        var here = agent is null
            ? DeviceProbe.Describe(profile.Device.Id)
            : (await agent.InfoAsync(cancellation)).Device;
        if (here.CpuModel != profile.Device.CpuModel || here.Id != profile.Device.Id)
        {
            throw new InputException(
                $"The profile is of '{profile.Device.Id}' ({Model(profile.Device)}), but "
                + $"{(agent is null ? "this machine" : $"the agent's device '{here.Id}'")} is another ({Model(here)}). "
                + "Measure on the profile's device (--agent, or 'hwnas verify' there), give this one's profile, or none.");
        }
    }

    private static string Model(DeviceDescription device) =>
        device.CpuModel is { Length: > 0 } model ? model : "unknown processor";
}
