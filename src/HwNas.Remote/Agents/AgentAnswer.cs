using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;

namespace HwNas.Remote.Agents;

/// <summary>Compares an agent's record with what it was asked and with what it said about itself.</summary>
internal static class AgentAnswer
{
    /// <exception cref="InputException">The text is no valid record, or contradicts the job or the agent.</exception>
    public static MeasurementRecord Check(string json, MeasurementJob job, AgentInfo info, string name)
    {
        var record = MeasurementRecord.Parse(json, $"{name}: its record");
        // Compared whole: a hash that a record carries for its job proves nothing.
        if (StrictJson.Serialize(record.Job) != StrictJson.Serialize(job))
            throw Lie("answers with the measurement of another job");
        if (record.ToolVersion != info.ToolVersion)
            throw Lie($"says that it is hwnas {info.ToolVersion}, but its measurement is of {record.ToolVersion}");
        if (record.Runtime.Version != info.RuntimeVersion)
        {
            throw Lie(
                $"says that it runs ONNX Runtime {info.RuntimeVersion}, but its measurement is of {record.Runtime.Version}");
        }

        if (record.Device.Id != info.Device.Id || record.Device.CpuModel != info.Device.CpuModel)
            throw Lie($"says that it is '{info.Device.Id}', but its measurement is of '{record.Device.Id}'");
        return record;

        InputException Lie(string what) => new(
            $"The agent at {name} {AgentProtocol.Shown(what)}. Nothing of it is used. "
            + "Update it and measure afresh, or remove the job from its state folder.");
    }
}
