using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HwNas.Core;

namespace HwNas.Remote.Browser;

/// <summary>
/// onnxruntime-web, which the page for browsers runs on. Nothing else needs it, so npm fetches it when a browser is
/// measured for the first time; this machine serves it from then on.
/// </summary>
public static class OnnxRuntimeWeb
{
    private const string Package = "onnxruntime-web", Description = "package.json", LockFile = "package-lock.json";

    /// <summary>The files of the package that a page loads.</summary>
    internal static readonly string[] Files = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

    /// <summary>The version that is asked for.</summary>
    public static string WantedVersion { get; } = (string)JsonNode.Parse(Embedded(Description))!["dependencies"]![Package]!;

    /// <summary>
    /// Where it lies once it is fetched: in the clone that this program was built in, else with the user's data.
    /// </summary>
    public static string DefaultFolder { get; } = Path.Combine(DataFolder(), Package, WantedVersion);

    /// <summary>The version that lies in a folder, or null where nothing complete does.</summary>
    public static string? VersionIn(string folder)
    {
        try
        {
            return Files.All(file => File.Exists(Path.Combine(folder, file)))
                ? (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, Description)))?["version"]
                : null;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Fetches it where it is missing.</summary>
    /// <param name="folder">Where it shall lie.</param>
    /// <param name="say">Told what takes its time, and which version came in place of one that is no longer served.</param>
    /// <param name="cancellation">Gives up; nothing half lies in the folder.</param>
    /// <param name="npm">The program.</param>
    /// <exception cref="MissingDependencyException">npm is missing, or could not fetch it.</exception>
    public static async Task FetchAsync(string folder, Action<string> say, CancellationToken cancellation, string npm = "npm")
    {
        ArgumentNullException.ThrowIfNull(say);
        if (VersionIn(folder) is not null)
            return;
        // Filled beside its place and then moved there whole, so that two processes do not meet.
        var scratch = $"{folder}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(scratch);
            say($"fetching {Package} {WantedVersion} from npm (once)");
            await InstallAsync(npm, scratch, say, cancellation).ConfigureAwait(false);
            Keep(Path.Combine(scratch, "node_modules", Package), folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MissingDependencyException(
                $"{Package} is needed to measure browsers, but could not be put into '{folder}': {error.Message}\n"
                + "Run the same command once as somebody who may write there.",
                error);
        }
        finally
        {
            if (Directory.Exists(scratch))
                Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task InstallAsync(string npm, string scratch, Action<string> say, CancellationToken cancellation)
    {
        File.WriteAllText(Path.Combine(scratch, Description), Embedded(Description));
        File.WriteAllText(Path.Combine(scratch, LockFile), Embedded(LockFile));
        var (code, output) = await RunAsync(npm, scratch, ["ci"], cancellation).ConfigureAwait(false);
        if (code != 0 && output.Contains("ETARGET", StringComparison.Ordinal))
        {
            // The registry has moved on: whatever is newer is as good.
            File.Delete(Path.Combine(scratch, LockFile));
            File.WriteAllText(
                Path.Combine(scratch, Description),
                Embedded(Description).Replace($"\"{WantedVersion}\"", $"\">={WantedVersion}\"", StringComparison.Ordinal));
            (code, output) = await RunAsync(npm, scratch, ["install"], cancellation).ConfigureAwait(false);
            if (code == 0)
                say($"{Package} {WantedVersion}, or what it needs, is no longer served; the newest version takes its place");
        }

        if (code != 0)
        {
            throw new MissingDependencyException(
                $"npm could not fetch {Package} {WantedVersion}, which is needed to measure browsers:\n{output.Trim()}\n"
                + "Check npm's registry settings and the network, then give the same command again.");
        }
    }

    // Of 150 MB of node_modules, what a page loads.
    private static void Keep(string package, string folder)
    {
        var chosen = Path.Combine(package, "chosen");
        Directory.CreateDirectory(chosen);
        File.Move(Path.Combine(package, Description), Path.Combine(chosen, Description));
        foreach (var file in Files)
            File.Move(Path.Combine(package, "dist", file), Path.Combine(chosen, file));
        try
        {
            Directory.Move(chosen, folder);
        }
        catch (IOException) when (VersionIn(folder) is not null)
        {
            // Another process was faster.
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(
        string npm, string folder, string[] arguments, CancellationToken cancellation)
    {
        // Scripts of packages would fetch more from elsewhere; nothing here needs them.
        var start = new ProcessStartInfo(
            OperatingSystem.IsWindows() ? npm + ".cmd" : npm,
            [.. arguments, "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, errors) =
                (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            try
            {
                await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return (process.ExitCode, await errors.ConfigureAwait(false) + await output.ConfigureAwait(false));
        }
        catch (Win32Exception error)
        {
            throw new MissingDependencyException(
                $"npm is missing. It fetches {Package}, which is needed to measure browsers. "
                + "Install Node.js with npm (Debian: apt-get install npm), then give the same command again.",
                error);
        }
    }

    private static string DataFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HwNas.sln")))
                return Path.Combine(folder.FullName, "artifacts");
        }

        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "hwnas");
    }

    private static string Embedded(string name)
    {
        using var stream = typeof(OnnxRuntimeWeb).Assembly.GetManifestResourceStream("HwNas.Remote.Browser.Npm." + name)
            ?? throw new InvalidOperationException($"The resource '{name}' is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
