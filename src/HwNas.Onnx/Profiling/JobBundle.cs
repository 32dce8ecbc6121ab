using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;

namespace HwNas.Onnx.Profiling;

/// <summary>A job with the bytes of its models: what travels to a device.</summary>
/// <param name="job">The job.</param>
/// <param name="model">Makes or fetches the ONNX file of the model with a number; called once for each use, so that
/// not all need lie in memory.</param>
public sealed class JobBundle(MeasurementJob job, Func<int, byte[]> model)
{
    /// <summary>The job.</summary>
    public MeasurementJob Job => job;

    /// <summary>The ONNX file of a model, numbered from 0 in the job's order.</summary>
    /// <exception cref="InputException">The bytes are not those that the job names.</exception>
    public byte[] Model(int number)
    {
        var bytes = model(number);
        var expected = job.Models[number];
        return bytes.Length == expected.Bytes && ContentHash.OfBytes(bytes) == expected.Sha256
            ? bytes
            : throw new InputException(
                $"The model '{expected.Name}' is not the one that the job names: it was changed or damaged on its way. "
                + "Send the job again.");
    }
}
