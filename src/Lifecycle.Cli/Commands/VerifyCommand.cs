using System.CommandLine;
using System.Text.Json;
using Lifecycle.Cli.Output;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Postgres;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle verify</c>: replays the journal and proves the invariants.</summary>
internal static class VerifyCommand
{
    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var store = new Option<DirectoryInfo>("--store")
        {
            Description = "Read this data folder (SQLite) instead of asking a server; one may be running on it.",
            HelpName = "FOLDER",
        };
        store.AcceptExistingOnly();
        var postgres = new PostgresStoreOptions();
        var command = new Command("verify", "Replay the journal and prove that it is whole. Exits 1 when it is not.")
        {
            store, postgres.Connection, postgres.Schema,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(store) is not null && result.GetResult(postgres.Connection) is not null)
                result.AddError("--store and --postgres exclude each other.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var answer = parsed.GetValue(store) is { } folder
                ? await OfflineVerification.RunAsync(
                    async () => await SqliteStore.OpenReadOnlyAsync(folder.FullName), surroundings, cancel)
                : postgres.Of(parsed) is { } database
                    ? await OfflineVerification.RunAsync(
                        async () => await PostgresStore.OpenReadOnlyAsync(database, cancel), surroundings, cancel)
                    : await AskAsync(globals, parsed, cancel);
            return Write(surroundings.Out, answer, globals.Json(parsed));
        });
        return command;
    }

    private static async Task<JsonElement> AskAsync(
        GlobalOptions globals, ParseResult parsed, CancellationToken cancel)
    {
        using var api = globals.Connect(parsed);
        return await api.SendAsync(HttpMethod.Post, "v1/admin/verify", cancel: cancel);
    }

    private static int Write(TextWriter writer, JsonElement answer, bool asJson)
    {
        var violations = Answers.Array(answer, "violations");
        if (asJson)
        {
            JsonOut.Write(writer, answer.WriteTo);
        }
        else
        {
            foreach (var violation in violations.EnumerateArray()) writer.WriteLine($"violation: {TextOf(violation)}");
            writer.WriteLine(
                $"{Answers.Text(answer, "entries")} entries of {Answers.Text(answer, "customers")} customers, "
                + $"{violations.GetArrayLength()} violations");
        }
        return violations.GetArrayLength() == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static string TextOf(JsonElement violation) => violation.ValueKind == JsonValueKind.Object
        ? string.Join(", ", violation.EnumerateObject().Select(member => $"{member.Name} {member.Value}"))
        : violation.ToString();
}
