using System.CommandLine;
using HwNas.Core;
using HwNas.Onnx.Foreign;
using HwNas.Remote.Agents;
using HwNas.Remote.Terminal;

namespace HwNas.Agent;

/// <summary>The entry point of <c>hwnas-agent</c>: the same as <c>hwnas agent</c>, without the rest of the tool.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [ForeignModels.Verb])
        {
            ForeignChild.Run(Console.OpenStandardInput(), Console.OpenStandardOutput(), TimeProvider.System);
            return 0;
        }

        using var output = new TerminalWriter(Console.Out, "stdout");
        using var error = new TerminalWriter(Console.Error, name: null);
        if (OpenFiles.Problem() is { } problem)
        {
            await error.WriteLineAsync($"hwnas-agent: {problem}");
            return 2;
        }

        var root = new RootCommand("Measure this device for workstations that ask over the network: hwnas profile --agent URL.");
        AgentCommand.Build(root, ForeignModels.Of(typeof(Program).Assembly), output, error, TimeProvider.System);
        var parsed = root.Parse(args);
        try
        {
            using var signals = new TerminationSignals("hwnas-agent", error, TimeProvider.System);
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            var code = await parsed.InvokeAsync(configuration, signals.Token);
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (HwNasException refused)
        {
            await error.WriteLineAsync(VisibleText.Message("hwnas-agent", refused.Message));
            return 2;
        }
    }
}
