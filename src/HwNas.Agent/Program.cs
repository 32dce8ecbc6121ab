using System.CommandLine;
using HwNas.Core;
using HwNas.Remote.Agents;

namespace HwNas.Agent;

/// <summary>The entry point of <c>hwnas-agent</c>: the same as <c>hwnas agent</c>, without the rest of the tool.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Measure this device for workstations that ask over the network: hwnas profile --agent URL.");
        AgentCommand.Build(root, Console.Out, Console.Error, TimeProvider.System);
        var parsed = root.Parse(args);
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Timeout.InfiniteTimeSpan });
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (HwNasException error)
        {
            await Console.Error.WriteLineAsync($"hwnas-agent: {error.Message}");
            return 2;
        }
    }
}
