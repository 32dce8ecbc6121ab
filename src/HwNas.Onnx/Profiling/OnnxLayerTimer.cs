using HwNas.Core.Devices;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Profiling;

/// <summary>
/// Times loaded models through ONNX Runtime on this machine. The models' inputs and outputs are allocated and bound before.
/// </summary>
internal sealed class OnnxLayerTimer(IReadOnlyList<OnnxSession> sessions, TimeProvider clock) : ILayerTimer
{
    public LayerTime Time(int model, int runs)
    {
        var session = sessions[model];
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
