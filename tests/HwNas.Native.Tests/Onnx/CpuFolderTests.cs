using HwNas.Core.Devices;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Profiling;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Cores as Linux tells of them, on a phone's processor with two kinds of cores.</summary>
public sealed class CpuFolderTests
{
    [Fact]
    public void Cores_of_one_frequency_are_a_cluster_and_throttling_is_counted()
    {
        using var folder = new TemporaryFolder();
        for (var core = 0; core < 6; core++)
        {
            Write(folder, $"cpu{core}/cpufreq/cpuinfo_max_freq", core < 4 ? "1800000\n" : "2400000\n");
            Write(folder, $"cpu{core}/thermal_throttle/core_throttle_count", $"{core}\n");
        }

        Write(folder, "cpufreq/cpuinfo_max_freq", "1\n");
        Write(folder, "cpuidle/x", "1\n");
        var cores = new CpuFolder(folder.Path);
        Assert.Equal([new CoreCluster(2, 2400), new CoreCluster(4, 1800)], cores.Clusters());
        Assert.Equal(15, cores.ThrottleCount());
    }

    [Fact]
    public void Where_the_system_tells_nothing_or_rubbish_nothing_is_known()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(new CpuFolder(folder.File("missing")).Clusters());
        Write(folder, "cpu0/cpufreq/cpuinfo_max_freq", "fast\n");
        Assert.Empty(new CpuFolder(folder.Path).Clusters());
        Assert.Null(new CpuFolder(folder.Path).ThrottleCount());
    }

    private static void Write(TemporaryFolder folder, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), text);
    }
}
