using System.CommandLine;
using HwNas.Remote.Agents;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas agent</c>: measures this device for workstations that ask over the network.</summary>
internal static class AgentVerb
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("agent",
            """
            Measure this device for those that ask over the network.

            Examples:
              hwnas agent --device edge-box
              hwnas agent --listen 0.0.0.0:8270 --token-file agent.token
            """);
        AgentCommand.Build(command, context.Models, context.Out, context.Error, context.Time);
        return command;
    }
}
