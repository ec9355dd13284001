using System.CommandLine;
using System.CommandLine.Invocation;
using Lifecycle.Cli.Commands;
using Lifecycle.Client;

namespace Lifecycle.Cli;

/// <summary>The grammar of <c>lifecycle</c>, and how every command ends.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line and answers its exit code; see <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken cancel)
    {
        var parsed = Build(surroundings).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) await surroundings.Error.WriteLineAsync(error.Message);
            await surroundings.Error.WriteLineAsync(
                "'lifecycle --help' lists the commands, 'lifecycle COMMAND --help' explains one.");
            return ExitCodes.WrongUsage;
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = surroundings.Out,
            Error = surroundings.Error,
            // After Ctrl+C what is under way is still sent.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancel);
        }
        catch (CommandFailedException failure)
        {
            await surroundings.Error.WriteLineAsync(failure.Message);
            return failure.ExitCode;
        }
        catch (LifecycleException failure)
        {
            await surroundings.Error.WriteLineAsync(Failures.TextOf(failure));
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            await surroundings.Error.WriteLineAsync("Stopped before the end.");
            return ExitCodes.Failed;
        }
    }

    private static RootCommand Build(Surroundings surroundings)
    {
        var globals = new GlobalOptions(surroundings);
        var root = new RootCommand(
            "Lifecycle: customers' stages, points and metrics, live. Exit codes: 0 done, 1 failed, 2 wrong usage.")
        {
            ImportCommand.Build(globals, surroundings),
            DemoCommand.Build(globals, surroundings),
            ReportCommand.Build(globals, surroundings),
            ScanCommand.Build(globals, surroundings),
            ProgramCommand.Build(globals, surroundings),
            VerifyCommand.Build(globals, surroundings),
            BackupCommand.Build(globals, surroundings),
            RestoreCommand.Build(globals, surroundings),
            AdoptCommand.Build(globals, surroundings),
            PostgresCommand.Build(surroundings),
            KeysCommand.Build(globals, surroundings),
            QuarantineCommand.Build(globals, surroundings),
            MergeCommand.Merge(globals, surroundings),
            MergeCommand.Unmerge(globals, surroundings),
        };
        globals.AddTo(root);
        HearSignals(root);
        return root;
    }

    /// <summary>
    /// The library listens to Ctrl+C only when a command has come to its first wait, and until then it would leave
    /// behind what the command has begun.
    /// </summary>
    private static void HearSignals(Command command)
    {
        if (command.Action is AsynchronousCommandLineAction action) command.Action = new WaitingAction(action);
        foreach (var inner in command.Subcommands) HearSignals(inner);
    }

    private sealed class WaitingAction(AsynchronousCommandLineAction action) : AsynchronousCommandLineAction
    {
        public override async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancel = default)
        {
            await Task.Yield();
            return await action.InvokeAsync(parsed, cancel);
        }
    }
}
