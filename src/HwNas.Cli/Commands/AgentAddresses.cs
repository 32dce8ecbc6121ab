using System.CommandLine;
using HwNas.Core;
using HwNas.Remote.Agents;

namespace HwNas.Cli.Commands;

/// <summary>
/// The options <c>--agent</c>, <c>--token-file</c> and <c>--token</c>: which agents, and what they want to hear.
/// </summary>
internal sealed class AgentAddresses
{
    private readonly Option<string[]> _agents = new("--agent")
    {
        Description = "Measure there instead of here: the address of an agent. May be given several times.",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string[]> _files = new("--token-file")
    {
        Description = "File with the agent's token; one for all agents, or one for each. "
            + $"Default: ${AgentCommand.TokenVariable}.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string[]> _tokens = new("--token")
    {
        Description = "The token itself; others on this machine can see it.",
        HelpName = "TOKEN",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Adds the options.</summary>
    public AgentAddresses AddTo(Command command)
    {
        foreach (var option in new[] { _agents, _files, _tokens })
            command.Add(option);
        return this;
    }

    /// <summary>The agents' addresses with their tokens; empty if none is asked for.</summary>
    /// <exception cref="InputException">There is no token, or not one for each.</exception>
    public IReadOnlyList<(string Address, AgentToken Token)> Of(ParseResult parsed)
    {
        var agents = parsed.GetValue(_agents)!;
        if (agents.Length == 0)
            return [];
        var tokens = parsed.GetValue(_files)!.Select(AgentToken.OfFile)
            .Concat(parsed.GetValue(_tokens)!.Select(text => AgentToken.Of(text, "--token"))).ToList();
        if (tokens.Count == 0 && Environment.GetEnvironmentVariable(AgentCommand.TokenVariable) is { Length: > 0 } given)
            tokens.Add(AgentToken.Of(given, $"${AgentCommand.TokenVariable}"));
        if (tokens.Count != 1 && tokens.Count != agents.Length)
        {
            throw new InputException(
                $"{agents.Length} agents and {tokens.Count} tokens: give --token-file once for all of them or once for each. "
                + "An agent prints its token when it starts.");
        }

        return [.. agents.Select((agent, i) => (agent, tokens[tokens.Count == 1 ? 0 : i]))];
    }
}
