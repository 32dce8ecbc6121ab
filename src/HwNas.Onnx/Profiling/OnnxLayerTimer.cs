using HwNas.Core.Devices;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Profiling;

/// <summary>
/// Times loaded models through ONNX Runtime on this machine. The models' inputs and outputs are allocated and bound before.
/// </summary>
/// <param name="sessions">The models.</param>
/// <param name="clock">The clock.</param>
/// <param name="watch">Ends a process in which a sample does not end; null where the models are our own.</param>
internal sealed class OnnxLayerTimer(IReadOnlyList<OnnxSession> sessions, TimeProvider clock, StepWatch? watch = null)
    : ILayerTimer
{
    public LayerTime Time(int model, int runs)
    {
        var session = sessions[model];
        watch?.Begin(session.Origin);
        var collections = GC.CollectionCount(0);
        var cpuStart = ThreadCpuClock.NowNs();
        var start = clock.GetTimestamp();
        for (var run = 0; run < runs; run++)
            session.Run();
        var wall = clock.GetElapsedTime(start);
        var cpuNs = ThreadCpuClock.NowNs() - cpuStart;
        return new LayerTime(wall.TotalMicroseconds / runs, cpuNs / 1e3 / runs, Disturbed: GC.CollectionCount(0) != collections);
    }
}
