using HwNas.Core;
using Microsoft.ML.OnnxRuntime;

namespace HwNas.Onnx.Runtime;

/// <summary>The one ONNX Runtime environment of the process.</summary>
public static class OnnxEnvironment
{
    private static readonly Lock Gate = new();
    private static OrtEnv? environment;

    /// <summary>Version of the native library, such as <c>1.29.0</c>.</summary>
    /// <exception cref="MissingDependencyException">The native library cannot be loaded.</exception>
    public static string Version => Get().GetVersionString();

    /// <summary>Execution providers that the native library was built with.</summary>
    /// <exception cref="MissingDependencyException">The native library cannot be loaded.</exception>
    public static IReadOnlyList<string> Providers => Get().GetAvailableProviders();

    // All sessions share one CPU arena: hundreds of micro-models are held at once while they are timed.
    internal static OrtEnv Get()
    {
        lock (Gate)
        {
            if (environment is not null)
                return environment;
            try
            {
                var options = new EnvironmentCreationOptions { logId = "hwnas", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
                var created = OrtEnv.CreateInstanceWithOptions(ref options);
                using var arena = new OrtArenaCfg(0, -1, -1, -1);
                created.CreateAndRegisterAllocator(OrtMemoryInfo.DefaultInstance, arena);
                return environment = created;
            }
            catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
            {
                throw new MissingDependencyException(
                    "The native ONNX Runtime library (libonnxruntime, 1.29 or newer) cannot be loaded: run eng/setup.sh, then build again.", error);
            }
        }
    }
}
