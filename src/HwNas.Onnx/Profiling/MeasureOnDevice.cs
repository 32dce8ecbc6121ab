using HwNas.Core.Devices.Measurement;

namespace HwNas.Onnx.Profiling;

/// <summary>
/// Has one device measure a job: this machine, an agent or a browser. What calls it does not know which.
/// </summary>
/// <param name="bundle">The job with its models.</param>
/// <param name="progress">Told as the device gets on.</param>
/// <param name="cancellation">Gives up; what the device has measured stays there.</param>
/// <returns>The device's answer, validated.</returns>
/// <exception cref="Core.InputException">The device cannot be reached, refuses the job, or answers rubbish.</exception>
public delegate Task<MeasurementRecord> MeasureOnDevice(
    JobBundle bundle, IProgress<MeasurementProgress>? progress, CancellationToken cancellation);
