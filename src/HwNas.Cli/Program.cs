using System.CommandLine;
using System.CommandLine.Invocation;
using HwNas.Cli.Commands;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Onnx.Foreign;
using HwNas.Remote.Terminal;
using HwNas.Supernet.Torch;

namespace HwNas.Cli;

/// <summary>The entry point: parses, runs one verb, and turns errors into messages and exit codes.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [ForeignModels.Verb])
        {
            ForeignChild.Run(Console.OpenStandardInput(), Console.OpenStandardOutput(), TimeProvider.System);
            return ExitCodes.Done;
        }

        var context = new CommandContext(
            new TerminalWriter(Console.Out, "stdout"), new TerminalWriter(Console.Error, name: null), TimeProvider.System)
        {
            Command = NameOf(args),
            Screen = Screen.OfOutput(),
            ErrorScreen = Screen.OfError(),
        };
        if (OpenFiles.Problem() is { } problem)
        {
            await context.Error.WriteLineAsync($"hwnas: {problem}").ConfigureAwait(false);
            return ExitCodes.WrongInput;
        }

        return await RunAsync(args, context).ConfigureAwait(false);
    }

    /// <summary>The tool with its verb and what follows it, without options.</summary>
    internal static string NameOf(string[] args) =>
        $"hwnas {string.Join(' ', args.TakeWhile(word => !word.StartsWith('-')).Take(2))}".TrimEnd();

    /// <summary>Runs the tool; also called by tests.</summary>
    internal static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        var parsed = HwNasCommand.Create(context).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        if (parsed.GetValue(HwNasCommand.LibtorchFolder) is { } libtorch)
            Environment.SetEnvironmentVariable(Libtorch.FolderVariable, libtorch);
        if (CommandLineErrors.Has(parsed))
        {
            await context.Error.WriteAsync(context.ErrorScreen.Fold(CommandLineErrors.Of(parsed))).ConfigureAwait(false);
            return ExitCodes.WrongInput;
        }

        try
        {
            // What cannot be cancelled has nothing to save, and ends at once.
            using var signals = parsed.Action is AsynchronousCommandLineAction
                ? new TerminationSignals("hwnas", context.Error, context.Time)
                : null;
            var code = await parsed.InvokeAsync(configuration, signals?.Token ?? CancellationToken.None).ConfigureAwait(false);
            return parsed.Errors.Count > 0 ? ExitCodes.WrongInput : code;
        }
        catch (HwNasException error)
        {
            await context.Error.WriteLineAsync(context.ErrorScreen.Fold(VisibleText.Message("hwnas", error.Message)))
                .ConfigureAwait(false);
            return error is InfeasibleBudgetException ? ExitCodes.InfeasibleBudget : ExitCodes.WrongInput;
        }
        catch (OperationCanceledException error)
        {
            var message = error is InterruptedException
                ? $"{error.Message} Continue with: {CommandLines.ToContinue(parsed, context.Chosen)}"
                : "interrupted.";
            await context.Error.WriteLineAsync($"hwnas: {message}").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync(
                $"hwnas: cannot read or write: {Sentence.Of(error)} Make room there or choose another place, "
                + "then give the same command again; what was saved stays.").ConfigureAwait(false);
            return ExitCodes.WrongInput;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A fault of the tool: the whole trace helps whoever reports it.
            await context.Error.WriteLineAsync($"hwnas: internal error, please report it: {error}").ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }
}
