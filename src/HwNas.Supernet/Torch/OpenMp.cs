using System.Runtime.InteropServices;

namespace HwNas.Supernet.Torch;

/// <summary>
/// How libtorch's threads wait for each other. They spin at barriers by default; as soon as something else runs on the
/// machine, they burn their time slices while the thread that they wait for has no processor.
/// </summary>
internal static partial class OpenMp
{
    private const string WaitPolicy = "OMP_WAIT_POLICY", SpinCount = "GOMP_SPINCOUNT";

    // Measured with `benchmarks -- training --busy` (benchmarks/results/training-busy.md).
    private const string Spins = "10000";

    /// <summary>Limits spinning; the OpenMP library reads it when libtorch loads. A user's own setting stays.</summary>
    public static void LimitSpinning()
    {
        // .NET's own variables do not reach native getenv.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(WaitPolicy) is null && Environment.GetEnvironmentVariable(SpinCount) is null)
            _ = setenv(SpinCount, Spins, 1);
    }

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
