using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using HwNas.Cli;
using HwNas.Remote.Terminal;

namespace HwNas.Native.Tests.Support;

/// <summary>
/// A process that runs commands of the tool, one after the other, as its own entry point would for pipes. Most of a short
/// command's time is .NET's compilation and the loading of libtorch, which it spends once. It is this assembly as a program.
/// </summary>
internal sealed class ToolHost : IDisposable
{
    private static readonly ConcurrentBag<ToolHost> Idle = [];

    private readonly Process _process =
        Tool.StartProgram("dotnet", AppContext.BaseDirectory, typeof(ToolHost).Assembly.Location);

    // What native code writes there belongs to no command; unread, it would stop the process.
    private readonly Task<string> _nativeMessages;

    private ToolHost() => _nativeMessages = _process.StandardError.ReadToEndAsync();

    /// <summary>Runs a command in a folder, in a process that waits for one.</summary>
    public static ToolResult Run(string folder, string[] arguments)
    {
        if (!Idle.TryTake(out var host))
            host = new ToolHost();
        host._process.StandardInput.WriteLine(JsonSerializer.Serialize(new Call(folder, arguments)));
        if (host._process.StandardOutput.ReadLine() is { } answer)
        {
            Idle.Add(host);
            return JsonSerializer.Deserialize<ToolResult>(answer)!;
        }

        // A crash.
        using (host)
        {
            host._process.WaitForExit();
            return new ToolResult(host._process.ExitCode, "", host._nativeMessages.Result);
        }
    }

    public void Dispose() => _process.Dispose();

    // Ends when the tests do, with whom the pipe ends.
    private static async Task Main()
    {
        using var calls = new StreamReader(Console.OpenStandardInput());
        await using var answers = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetIn(TextReader.Null);
        while (await calls.ReadLineAsync() is { } line)
        {
            var (folder, arguments) = JsonSerializer.Deserialize<Call>(line)!;
            Directory.SetCurrentDirectory(folder);
            using StringWriter output = new(), error = new();
            var context = new CommandContext(
                new TerminalWriter(output, "stdout"), new TerminalWriter(error, name: null), TimeProvider.System)
            {
                Command = Program.NameOf(arguments),
            };
            var code = await Program.RunAsync(arguments, context);
            await answers.WriteLineAsync(JsonSerializer.Serialize(new ToolResult(code, $"{output}", $"{error}")));
        }
    }

    private sealed record Call(string Folder, string[] Arguments);
}
