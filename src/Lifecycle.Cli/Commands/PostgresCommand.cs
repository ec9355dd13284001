using System.CommandLine;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Private;

namespace Lifecycle.Cli.Commands;

/// <summary>
/// <c>lifecycle postgres</c>: a private PostgreSQL in the foreground, which belongs to none of the processes that use
/// it.
/// </summary>
internal static class PostgresCommand
{
    /// <summary>Holds the connection string while the server runs.</summary>
    public const string ConnectionFile = "connection";

    public static Command Build(Surroundings surroundings)
    {
        var folder = new Option<string>("--folder")
        {
            Description = "Holds the data, the password and the log; made when it does not exist.",
            HelpName = "FOLDER", Required = true,
        };
        var port = NumberArgument.Option(
            "--port", "Where it listens on this machine's loopback; 0 is a port that is free.", 0, 0,
            PrivateServerOptions.PortMost);
        var connections = NumberArgument.Option(
            "--connections", "How many may be open.", new PrivateServerOptions().ConnectionsMax,
            PrivateServerOptions.ConnectionsFewest, PrivateServerOptions.ConnectionsMost);
        var command = new Command(
            "postgres", "Run a private PostgreSQL from the installed programs until Ctrl+C; for development.")
        {
            folder, port, connections,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new PrivateServerOptions
            {
                Folder = parsed.GetRequiredValue(folder), Port = parsed.GetValue(port),
                ConnectionsMax = parsed.GetValue(connections),
            };
            return await StoreCommand.RunAsync(() => RunAsync(options, surroundings, cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(
        PrivateServerOptions options, Surroundings surroundings, CancellationToken cancel)
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await PrivateServer.StartAsync(options, cancel);
        server.Ended += tail => ended.TrySetResult(tail);
        var file = Path.Combine(Path.GetFullPath(options.Folder), ConnectionFile);
        WriteForOwner(file, server.ConnectionString + "\n");
        try
        {
            await surroundings.Out.WriteLineAsync($"PostgreSQL is ready. Its connection string is in {file}");
            var tail = await ended.Task.WaitAsync(cancel);
            throw new StoreException($"The private server has ended by itself; its log ends with:\n{tail}");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
        finally
        {
            // The next start has another port, and who reads the file waits for that.
            File.Delete(file);
        }
    }

    /// <summary>Whole or not at all, for somebody may wait for it.</summary>
    private static void WriteForOwner(string path, string text)
    {
        try
        {
            var draft = $"{path}.new";
            File.Delete(draft);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var writer = new StreamWriter(draft, options)) writer.Write(text);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
