using System.CommandLine;
using HwNas.Onnx.Foreign;

namespace HwNas.Remote.Agents;

/// <summary>
/// The verb <c>hwnas agent</c>, which is also the whole of the program <c>hwnas-agent</c>: measures this device for
/// workstations that ask over the network.
/// </summary>
public static class AgentCommand
{
    /// <summary>The environment variable that may hold the token.</summary>
    public const string TokenVariable = "HWNAS_AGENT_TOKEN";

    /// <summary>Adds options and action to a command.</summary>
    /// <param name="command">The verb, or the program's root command.</param>
    /// <param name="models">Runs the models that are sent.</param>
    /// <param name="output">Told the address, once the agent listens.</param>
    /// <param name="error">Messages.</param>
    /// <param name="clock">The clock.</param>
    public static void Build(Command command, ForeignModels models, TextWriter output, TextWriter error, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(command);
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen. Default: this machine only.",
            HelpName = "HOST:PORT",
            DefaultValueFactory = _ => $"127.0.0.1:{AgentOptions.DefaultPort}",
        };
        var tokenFile = new Option<string>("--token-file")
        {
            Description = $"File with the token. Default: ${TokenVariable}, else a new token is printed.",
            HelpName = "FILE",
        };
        var state = new Option<string>("--state")
        {
            Description = "Folder of jobs and samples, so that a killed agent continues.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "hwnas-agent-state",
        };
        var device = new Option<string>("--device")
        {
            Description = "Id of this device, by which budgets name it. Default: from the processor's name.",
            HelpName = "ID",
        };
        var jobMib = new Option<int>("--max-job-mib")
        {
            Description = "MiB of one job at most.",
            DefaultValueFactory = _ => 1024,
        };
        var jobs = new Option<int>("--max-jobs") { Description = "Jobs that are kept at most.", DefaultValueFactory = _ => 20 };
        var storedMib = new Option<int>("--max-stored-mib")
        {
            Description = "MiB of all kept jobs at most.",
            DefaultValueFactory = _ => 8192,
        };
        foreach (var option in new Option[] { listen, tokenFile, state, device, jobMib, jobs, storedMib })
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (token, isNew) = Token(parsed.GetValue(tokenFile));
            var options = new AgentOptions
            {
                Listen = AgentOptions.ParseListen(parsed.GetValue(listen)!),
                Token = token,
                Models = models,
                StateFolder = parsed.GetValue(state)!,
                DeviceId = parsed.GetValue(device),
                MaxJobBytes = (long)parsed.GetValue(jobMib) << 20,
                MaxJobs = parsed.GetValue(jobs),
                MaxStoredBytes = (long)parsed.GetValue(storedMib) << 20,
            };
            await RunAsync(options, isNew, output, error, clock, cancellation).ConfigureAwait(false);
            return 0;
        });
    }

    private static async Task RunAsync(
        AgentOptions options, bool printToken, TextWriter output, TextWriter error, TimeProvider clock,
        CancellationToken cancellation)
    {
        var server = await AgentServer.StartAsync(
            options,
            fault => error.WriteLine($"hwnas-agent: internal error, please report it: {fault}"),
            clock, cancellation).ConfigureAwait(false);
        await using var _ = server.ConfigureAwait(false);
        if (!System.Net.IPAddress.IsLoopback(options.Listen.Address))
        {
            await error.WriteLineAsync(
                "warning: listening beyond this machine, unencrypted: whoever listens in on the network can read the token. "
                + "On a network that is not yours, listen on 127.0.0.1 and tunnel through ssh (docs/agent.md).")
                .ConfigureAwait(false);
        }

        await output.WriteLineAsync($"Device '{server.DeviceId}' listens on {server.Address}").ConfigureAwait(false);
        if (printToken)
            await output.WriteLineAsync($"Token: {options.Token.Reveal()}").ConfigureAwait(false);
        await output.FlushAsync(cancellation).ConfigureAwait(false);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync(
                "Stopping; what was measured is kept, and the same job continues when the "
                + "agent runs again.").ConfigureAwait(false);
        }
    }

    private static (AgentToken Token, bool IsNew) Token(string? file)
    {
        if (file is not null)
            return (AgentToken.OfFile(file), false);
        return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } given
            ? (AgentToken.Of(given, $"${TokenVariable}"), false)
            : (AgentToken.Create(), true);
    }
}
