using System.CommandLine;
using Lifecycle.Cli.Output;
using Lifecycle.Engine.Sqlite.Backups;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle backup</c>: a copy of the embedded store, also while a server writes to it.</summary>
internal static class BackupCommand
{
    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var data = StoreCommand.DataOption(
            "The data folder (SQLite); a server may be running on it.", required: true);
        var to = new Option<string>("--to")
        {
            Description = "The backup's file, or a folder in which it gets a name with its time.",
            HelpName = "FILE|FOLDER", Required = true,
        };
        var withKey = new Option<bool>("--with-key")
        {
            Description = "Copy installation.key too, beside the backup. Whoever has both can read everything.",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Take the place of a file that is there." };
        var command = new Command("backup", "Copy a data folder's journal to one file, also while a server writes.")
        {
            data, to, withKey, overwrite,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new BackupRequest(
                parsed.GetRequiredValue(data)!, parsed.GetRequiredValue(to), parsed.GetValue(overwrite),
                parsed.GetValue(withKey));
            var summary = await StoreCommand.RunAsync(() => StoreProgress.CopyAsync(
                surroundings, told => SqliteBackup.RunAsync(request, surroundings.Clock, told, cancel)));
            if (globals.Json(parsed)) WriteJson(surroundings.Out, summary);
            else Write(surroundings.Out, summary);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(TextWriter writer, BackupSummary summary)
    {
        var (file, key, bytes, _, end) = summary;
        writer.WriteLine($"{file}: {bytes} bytes, checked");
        StoreText.WriteEnd(writer, end);
        writer.WriteLine("  in it           the journal, ids, customers' keys, programs, API keys, quarantine");
        writer.WriteLine("  left out        the projection, which is made from the journal");
        writer.WriteLine(
            key is null
                ? "  installation.key is not in it: without it nothing can be opened. Keep a copy of it elsewhere."
                : $"  installation.key is in {key}: whoever has both files can read everything.");
    }

    private static void WriteJson(TextWriter writer, BackupSummary summary) => JsonOut.Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", summary.File);
        json.WriteString("key_file", summary.KeyFile);
        json.WriteNumber("bytes", summary.Bytes);
        json.WriteString("made_at", summary.MadeAt.ToString());
        StoreText.WriteEnd(json, summary.End);
        json.WriteEndObject();
    });
}
