using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;

namespace HwNas.Core.Devices;

/// <summary>
/// The latency table of one device under one configuration of a runtime, for one search space, with how it was measured
/// and how far it is to be trusted.
/// </summary>
public sealed record DeviceProfile
{
    /// <summary>The schema of profile files.</summary>
    public const string CurrentSchema = "hwnas/device-profile/2";

    /// <summary>Always <see cref="CurrentSchema"/>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The version of HwNas that measured.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The device.</summary>
    public required DeviceDescription Device { get; init; }

    /// <summary>The configuration of the runtime.</summary>
    public required RuntimeKey Runtime { get; init; }

    /// <summary>What of the runtime is not part of its key.</summary>
    public required RuntimeDetails RuntimeDetails { get; init; }

    /// <summary>The search space whose layers were measured.</summary>
    public required SpaceReference Space { get; init; }

    /// <summary>Binds device, runtime and space: what is measured under another fingerprint is never mixed with this.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The state of the machine meanwhile.</summary>
    public required MeasurementConditions Conditions { get; init; }

    /// <summary>How it was measured.</summary>
    public required MeasurementProtocol Protocol { get; init; }

    /// <summary>From layers to networks.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>The layers, one for each latency key.</summary>
    public required ImmutableArray<LatencyEntry> Entries { get; init; }

    /// <summary>Whole networks against their predictions.</summary>
    public required ProfileValidation Validation { get; init; }

    /// <summary>What the reader should know before trusting the figures; empty when all is well.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Hash over the canonical form; set when written.</summary>
    public string Hash { get; init; } = "";

    /// <summary>The fingerprint of a device, a runtime and a space.</summary>
    public static string FingerprintOf(DeviceDescription device, RuntimeKey runtime, SpaceReference space)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(space);
        return ContentHash.OfText(
            string.Join('\n', device.Id, device.CpuModel, device.Accelerator, device.Os, runtime, space.Name, space.Hash));
    }

    /// <summary>The JSON Schema (draft 2020-12) of profile files: for tools that write or check them without HwNas.</summary>
    public static JsonObject JsonSchema()
    {
        var schema = StrictJson.Options.GetJsonSchemaAsNode(
            typeof(DeviceProfile), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "$id", CurrentSchema);
        return schema;
    }

    /// <summary>Reads and validates a profile.</summary>
    /// <exception cref="InputException">The file is missing, damaged, of another schema, or a value is impossible; the
    /// message names file and key.</exception>
    public static DeviceProfile Read(string path)
    {
        var profile = StrictJson.ReadFile<DeviceProfile>(path, CurrentSchema);
        if (profile.Hash.Length == 0)
            throw new InputException($"'{path}' carries no hash; it was edited. Measure again, or restore it from a copy.");
        DeviceProfileValidator.Check(profile, path);
        return profile;
    }

    /// <summary>Writes the profile atomically, with its hash, and returns it as it would be read.</summary>
    /// <exception cref="InputException">The file cannot be written, or a value is impossible.</exception>
    public DeviceProfile Write(string path)
    {
        DeviceProfileValidator.Check(this, path);
        var text = StrictJson.Serialize(this);
        AtomicFile.WriteText(path, text);
        return StrictJson.Parse<DeviceProfile>(text, CurrentSchema, path);
    }
}
