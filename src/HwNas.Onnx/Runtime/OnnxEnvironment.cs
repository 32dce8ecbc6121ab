using System.Collections.Frozen;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using Microsoft.ML.OnnxRuntime;

namespace HwNas.Onnx.Runtime;

/// <summary>The one ONNX Runtime environment of the process.</summary>
public static class OnnxEnvironment
{
    internal const string CpuProvider = "cpu";

    // Names in budgets and profiles are short; the runtime's own are not.
    private static readonly FrozenDictionary<string, string> ProviderNames = new Dictionary<string, string>
    {
        [CpuProvider] = "CPUExecutionProvider",
        ["xnnpack"] = "XnnpackExecutionProvider",
        ["cuda"] = "CUDAExecutionProvider",
        ["tensorrt"] = "TensorrtExecutionProvider",
    }.ToFrozenDictionary();

    private static readonly Lock Gate = new();
    private static OrtEnv? _environment;

    /// <summary>Version of the native library, such as <c>1.29.0</c>.</summary>
    /// <exception cref="MissingDependencyException">The native library cannot be loaded.</exception>
    public static string Version => Get().GetVersionString();

    /// <summary>Execution providers that the native library was built with.</summary>
    /// <exception cref="MissingDependencyException">The native library cannot be loaded.</exception>
    public static IReadOnlyList<string> Providers => Get().GetAvailableProviders();

    /// <summary>The key of a configuration, with the loaded runtime's version.</summary>
    /// <exception cref="InputException">The native library was not built with the provider.</exception>
    /// <exception cref="MissingDependencyException">The native library cannot be loaded.</exception>
    public static RuntimeKey KeyOf(RuntimeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        NameOf(request.Provider);
        return request.ToKey("onnxruntime", Version);
    }

    internal static void AppendProvider(SessionOptions options, string provider)
    {
        NameOf(provider);
        switch (provider)
        {
            case "cuda":
                options.AppendExecutionProvider_CUDA();
                break;
            case "tensorrt":
                options.AppendExecutionProvider_Tensorrt();
                break;
            default:
                options.AppendExecutionProvider(provider.ToUpperInvariant());
                break;
        }
    }

    private static string NameOf(string provider)
    {
        if (!ProviderNames.TryGetValue(provider, out var name))
        {
            throw new InputException(
                $"There is no execution provider '{provider}'. "
                + $"Known: {string.Join(", ", ProviderNames.Keys.Order(StringComparer.Ordinal))}.");
        }

        return Providers.Contains(name)
            ? name
            : throw new InputException(
                $"This build of ONNX Runtime {Version} has no execution provider '{provider}'. "
                + $"It has: {string.Join(", ", ProviderNames.Where(p => Providers.Contains(p.Value)).Select(p => p.Key))}.");
    }

    // All sessions share one CPU arena: hundreds of micro-models are held at once while they are timed.
    internal static OrtEnv Get()
    {
        lock (Gate)
        {
            if (_environment is not null)
                return _environment;
            try
            {
                var options = new EnvironmentCreationOptions
                {
                    logId = "hwnas",
                    logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                };
                var created = OrtEnv.CreateInstanceWithOptions(ref options);
                using var arena = new OrtArenaCfg(0, -1, -1, -1);
                created.CreateAndRegisterAllocator(OrtMemoryInfo.DefaultInstance, arena);
                return _environment = created;
            }
            catch (Exception error) when (error is DllNotFoundException or TypeInitializationException
                or EntryPointNotFoundException or BadImageFormatException)
            {
                throw new MissingDependencyException(
                    "The native library of ONNX Runtime cannot be loaded. "
                    + "Run eng/setup.sh, which restores its NuGet package, then build again.",
                    error);
            }
        }
    }
}
