using System.Diagnostics;
using HwNas.Tests.Support;

namespace HwNas.Tests.Scripts;

/// <summary>
/// A bare clone with the shell scripts, in which dotnet, npm, cmake and Debian's tools are stand-ins that note their
/// calls and do as each test says; everything else on the PATH is real.
/// </summary>
internal sealed class ScriptSandbox : IDisposable
{
    private static readonly string[] Files =
        ["eng/setup.sh", "hwnas", "test.sh", "Directory.Packages.props", "Directory.Build.props", "global.json", "package.json", "package-lock.json"];

    private readonly string tools;
    private readonly string callLog;

    public ScriptSandbox()
    {
        tools = Path.Combine(Root, "..", Path.GetFileName(Root) + "-tools");
        Directory.CreateDirectory(tools);
        callLog = Path.Combine(tools, "calls.log");
        foreach (var file in Files)
        {
            var target = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Repository.Root, file), target);
        }

        Write("src/HwNas.Cli/Program.cs", "// the tool");
        Write("src/StandIns/TorchSharp/native/CMakeLists.txt", "# the shim");

        // As root already, or root by name: the scripts ask for it only where they are not.
        Tool("sudo", "exec \"$@\"");
        Tool("dotnet", "exit 0");
        Tool("npm", "mkdir -p node_modules");
        Tool("cmake", "mkdir -p artifacts/native/build; [[ $1 != --build ]] || touch artifacts/native/libHwNasTorch.so");
        Tool("g++", "exit 0");
        Tool("make", "exit 0");
        Tool("apt-get", "exit 0");
        Tool("dpkg-query", InstalledPackages("dataset-fashion-mnist", "libtorch-dev", "libcairo2", "fonts-dejavu-core"));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("hwnas-scripts-").FullName;

    /// <summary>The body of a dpkg-query that knows these packages only.</summary>
    public static string InstalledPackages(params string[] packages) =>
        string.Concat(packages.Select(package => $"[[ \" $* \" != *\" {package} \"* ]] || echo 'installed {package}'\n"));

    /// <summary>Puts a program on the PATH that notes its call and then runs this bash code.</summary>
    public void Tool(string name, string body)
    {
        var path = Path.Combine(tools, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\necho \"{name} $*\" >>'{callLog}'\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Runs a script of the clone; the calls are those of this run that change something or cost time.</summary>
    public ScriptRun Run(string script, string[]? arguments = null, string? packages = null, string? workingDirectory = null)
    {
        File.WriteAllText(callLog, "");
        var start = new ProcessStartInfo(Path.Combine(Root, script), arguments ?? [])
        {
            WorkingDirectory = workingDirectory ?? Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{tools}:{start.Environment["PATH"]}";
        start.Environment.Remove("HwNasPackages");
        if (packages is not null)
            start.Environment["HwNasPackages"] = packages;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        string[] calls = [.. File.ReadAllLines(callLog).Where(call => !call.StartsWith("dpkg-query", StringComparison.Ordinal))];
        return new ScriptRun(process.ExitCode, output.Result, error.Result, calls);
    }

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        Directory.Delete(tools, recursive: true);
    }
}

internal sealed record ScriptRun(int Code, string Output, string Error, IReadOnlyList<string> Calls);
