using System.CommandLine;
using HwNas.Cli.Commands;
using HwNas.Core;
using HwNas.Supernet.Torch;

namespace HwNas.Cli;

/// <summary>The entry point: parses, runs one verb, and turns errors into messages and exit codes.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => RunAsync(args, new CommandContext(Console.Out, Console.Error, TimeProvider.System), CancellationToken.None);

    /// <summary>Runs the tool; also called by tests.</summary>
    internal static async Task<int> RunAsync(string[] args, CommandContext context, CancellationToken cancellation)
    {
        var parsed = HwNasCommand.Create(context).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,

            // Ctrl-C cancels the command's token; the command saves, and gets as long as that takes.
            ProcessTerminationTimeout = Timeout.InfiniteTimeSpan,
        };
        if (parsed.GetValue(HwNasCommand.LibtorchFolder) is { } libtorch)
            Environment.SetEnvironmentVariable(Libtorch.FolderVariable, libtorch);
        try
        {
            var code = await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
            return parsed.Errors.Count > 0 ? ExitCodes.WrongInput : code;
        }
        catch (HwNasException error)
        {
            await context.Error.WriteLineAsync($"hwnas: {error.Message}").ConfigureAwait(false);
            return error is InfeasibleBudgetException ? ExitCodes.InfeasibleBudget : ExitCodes.WrongInput;
        }
        catch (OperationCanceledException error)
        {
            await context.Error.WriteLineAsync($"hwnas: {(error is InterruptedException ? error.Message : "interrupted.")}").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A fault of the tool: the whole trace helps whoever reports it.
            await context.Error.WriteLineAsync($"hwnas: internal error, please report it: {error}").ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }
}
