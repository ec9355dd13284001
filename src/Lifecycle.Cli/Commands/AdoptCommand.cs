using System.CommandLine;
using Lifecycle.Cli.Output;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres;

namespace Lifecycle.Cli.Commands;

/// <summary>
/// <c>lifecycle adopt</c>: a store that was put back by other means (a database at a point in time, a disk image, a
/// standby that lacks the last commits) becomes a history of its own.
/// </summary>
internal static class AdoptCommand
{
    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var data = StoreCommand.DataOption("A data folder (SQLite).", required: false);
        var postgres = new PostgresStoreOptions();
        var accept = StoreCommand.AcceptOption("Adopt a journal that is not whole too.");
        var command = new Command(
            "adopt", "Make a store that was put back by other means a history of its own. No server may use it.")
        {
            data, postgres.Connection, postgres.Schema, accept,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is null == result.GetValue(postgres.Connection) is null)
                result.AddError("Name one store: --data FOLDER or --postgres CONNECTION.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var summary = await StoreCommand.RunAsync(() => StoreProgress.VerifyAsync(
                surroundings, told => parsed.GetValue(data) is { } folder
                    ? SqliteAdoption.RunAsync(folder, parsed.GetValue(accept), told, cancel)
                    : PostgresAdoption.RunAsync(
                        postgres.Of(parsed)!, parsed.GetValue(accept), surroundings.Clock, told, cancel)));
            if (globals.Json(parsed)) WriteJson(surroundings.Out, summary);
            else if (summary.Adopted) Write(surroundings.Out, summary);
            return StoreCommand.End(
                surroundings, summary.Adopted, summary.Report,
                "Nothing was changed. Restore another backup, or adopt this one");
        });
        return command;
    }

    private static void Write(TextWriter writer, AdoptionSummary summary)
    {
        writer.WriteLine("Adopted and verified");
        StoreText.WriteEnd(writer, summary.End);
        StoreText.WriteEpoch(writer, summary.Epoch);
        writer.WriteLine();
        if (summary.HasKey == false)
            writer.WriteLine("Put the installation.key of this journal into the folder: no server starts without it.");
        writer.WriteLine(
            "Start the server. It makes the projection anew and goes on with what is due. Readers of the feed begin " +
            "from the start; senders send again what came since. Look through 'lifecycle keys list': keys that were " +
            "revoked since the time that the store is of are valid again.");
    }

    private static void WriteJson(TextWriter writer, AdoptionSummary summary) => JsonOut.Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("adopted", summary.Adopted);
        StoreText.WriteEnd(json, summary.End);
        if (summary.Adopted) json.WriteString("epoch", summary.Epoch.ToString());
        json.WriteNumber("violations_found", summary.Report.ViolationsFound);
        json.WriteEndObject();
    });
}
