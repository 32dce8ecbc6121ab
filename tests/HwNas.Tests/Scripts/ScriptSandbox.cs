using System.Diagnostics;
using HwNas.Tests.Support;

namespace HwNas.Tests.Scripts;

/// <summary>
/// A bare clone with the shell scripts, in which dotnet and Debian's tools are replaced by scripts that note their calls
/// and do as each test says; everything else on the PATH is real.
/// </summary>
internal sealed class ScriptSandbox : IDisposable
{
    private static readonly string[] Files =
        [
            "eng/setup.sh", "eng/patiently.sh", "hwnas", "test.sh", "Directory.Packages.props", "Directory.Build.props",
            "global.json",
        ];

    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _tools;
    private readonly string _callLog;

    public ScriptSandbox()
    {
        _tools = Path.Combine(Root, "..", Path.GetFileName(Root) + "-tools");
        Directory.CreateDirectory(_tools);
        _callLog = Path.Combine(_tools, "calls.log");
        foreach (var file in Files)
        {
            var target = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Repository.Root, file), target);
        }

        Write("src/HwNas.Cli/Program.cs", "// the tool");

        // As root already, or root by name: the scripts ask for it only where they are not.
        Tool("sudo", "exec \"$@\"");
        Tool("dotnet", "exit 0");
        Tool("apt-get", "exit 0");
        Tool("dpkg-query", "echo installed");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("hwnas-scripts-").FullName;

    /// <summary>Puts a program on the PATH that notes its call and then runs this bash code.</summary>
    public void Tool(string name, string body)
    {
        var path = Path.Combine(_tools, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\necho \"{name} $*\" >>'{_callLog}'\n{body}\n");
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
    public ScriptRun Run(string script, string[]? arguments = null, string? workingDirectory = null) =>
        Start(Path.Combine(Root, script), arguments ?? [], workingDirectory);

    /// <summary>Runs a script in a terminal, whose output is all that was written to it.</summary>
    public ScriptRun RunInTerminal(string script) => Start("script", ["-qec", Path.Combine(Root, script), "/dev/null"], null);

    /// <summary>Runs a script as somebody who may read the clone but not write to it.</summary>
    public ScriptRun RunAsStranger(string script)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        if (!Environment.IsPrivilegedProcess)
        {
            // As good as a stranger: whoever may not write.
            foreach (var folder in Folders())
                File.SetUnixFileMode(folder, ReadOnly);
            try
            {
                return Run(script);
            }
            finally
            {
                foreach (var folder in Folders())
                    File.SetUnixFileMode(folder, ReadOnly | UnixFileMode.UserWrite);
            }
        }

        File.SetUnixFileMode(Root, ReadOnly | UnixFileMode.UserWrite);
        File.WriteAllText(_callLog, "");
        File.SetUnixFileMode(
            _callLog, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        foreach (var tool in Directory.GetFiles(_tools).Where(tool => tool != _callLog))
            File.SetUnixFileMode(tool, ReadOnly | UnixFileMode.UserWrite);
        return Start("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(Root, script)], null);

        IEnumerable<string> Folders() => Directory.EnumerateDirectories(Root, "*", SearchOption.AllDirectories).Append(Root);
    }

    private ScriptRun Start(string program, string[] arguments, string? workingDirectory)
    {
        File.WriteAllText(_callLog, "");
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory ?? Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_tools}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        string[] calls = [.. File.ReadAllLines(_callLog)
            .Where(call => !call.StartsWith("dpkg-query", StringComparison.Ordinal) && call != "dotnet --version")];
        return new ScriptRun(process.ExitCode, output.Result, error.Result, calls);
    }

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        Directory.Delete(_tools, recursive: true);
    }
}

internal sealed record ScriptRun(int Code, string Output, string Error, IReadOnlyList<string> Calls);
