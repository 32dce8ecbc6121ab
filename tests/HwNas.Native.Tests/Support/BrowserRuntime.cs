using HwNas.Cli.Doctor;
using HwNas.Remote.Browser;

namespace HwNas.Native.Tests.Support;

/// <summary>onnxruntime-web, fetched for the tests as the tool fetches it.</summary>
internal static class BrowserRuntime
{
    private static readonly Lazy<Task> Fetched = new(
        () => OnnxRuntimeWeb.FetchAsync(OnnxRuntimeWeb.DefaultFolder, _ => { }, CancellationToken.None));

    /// <summary>Why tests that need it cannot run here; null where they can. Nothing is fetched to find out.</summary>
    public static string? Missing { get; } = OnnxRuntimeWeb.VersionIn(OnnxRuntimeWeb.DefaultFolder) is null
        && ProgramProbe.Output("npm", "--version") is null
        ? "npm is not installed, and it fetches onnxruntime-web. Debian: apt-get install npm."
        : null;

    public static Task Fetch() => Fetched.Value;
}
