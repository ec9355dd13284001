using System.CommandLine;
using Lifecycle.Cli.Output;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite.Backups;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle restore</c>: a backup into an empty folder, whole or up to a point in time.</summary>
internal static class RestoreCommand
{
    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var from = new Option<string>("--from")
        {
            Description = "A backup, or a data folder that was kept.", HelpName = "BACKUP", Required = true,
        };
        var data = StoreCommand.DataOption(
            "Where to: an empty folder, which may have installation.key in it. Made if there is none.",
            required: true);
        var until = TimeArgument.Option("--until", "Leave out what was recorded later.");
        var position = new Option<long?>("--until-position")
        {
            Description = "Leave out entries behind this position of the feed.", HelpName = "N",
        };
        var key = new Option<string?>("--installation-key")
        {
            Description = "Copy the key from this file.", HelpName = "FILE",
        };
        var accept = StoreCommand.AcceptOption("Restore a journal that is not whole too.");
        var command = new Command("restore", "Put a backup into an empty folder, as it was at a point in time.")
        {
            from, data, until, position, key, accept,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(until) is not null && result.GetResult(position) is not null)
                result.AddError("--until and --until-position exclude each other.");
            if (result.GetResult(position) is not null && result.GetValue(position) is < 1)
                result.AddError("--until-position takes 1 or more.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new RestoreRequest(
                parsed.GetRequiredValue(from), parsed.GetRequiredValue(data)!, parsed.GetValue(until),
                parsed.GetValue(position), parsed.GetValue(key), parsed.GetValue(accept));
            var summary = await StoreCommand.RunAsync(() => StoreProgress.RestoreAsync(
                surroundings, told => SqliteRestore.RunAsync(request, surroundings.Clock, told, cancel)));
            if (globals.Json(parsed)) WriteJson(surroundings.Out, request, summary);
            else if (summary.Restored) Write(surroundings.Out, request, summary);
            return StoreCommand.End(
                surroundings, summary.Restored, summary.Report,
                "Nothing was restored. Take another backup, or put this one there");
        });
        return command;
    }

    private static void Write(TextWriter writer, RestoreRequest request, RestoreSummary summary)
    {
        var (end, cut) = (summary.End, summary.Cut);
        writer.WriteLine($"{request.Folder}: restored and verified");
        StoreText.WriteEnd(writer, end);
        writer.WriteLine($"  left out        {cut.Dropped} entries{EarlierOf(request.Until, cut)}");
        if (cut.WithdrawnActivations > 0)
            writer.WriteLine($"                  {cut.WithdrawnActivations} activations of programs, withdrawn");
        if (cut.WaitingAgain > 0)
            writer.WriteLine($"  waiting again   {cut.WaitingAgain} quarantined events that had been taken since");
        if (cut.LaterKeys > 0)
            writer.WriteLine($"  API keys        {cut.LaterKeys} that were made since still work: lifecycle keys list");
        StoreText.WriteEpoch(writer, summary.Epoch);
        writer.WriteLine();
        if (!summary.HasKey)
        {
            writer.WriteLine(
                $"Put the installation.key of this journal into {request.Folder}: no server starts without it.");
        }

        writer.WriteLine(
            $"Start the server with Lifecycle:Folder={request.Folder}. It makes the projection anew and goes on with " +
            "what is due. Readers of the feed begin from the start; senders send again what came since.");
    }

    private static string EarlierOf(Instant? until, JournalCut cut) => until is { } time && cut.DroppedEarlier > 0
        ? $", {cut.DroppedEarlier} of them recorded by {time} but committed behind one that was not"
        : "";

    private static void WriteJson(TextWriter writer, RestoreRequest request, RestoreSummary summary) =>
        JsonOut.Write(writer, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("restored", summary.Restored);
            json.WriteString("folder", request.Folder);
            StoreText.WriteEnd(json, summary.End);
            json.WriteNumber("dropped", summary.Cut.Dropped);
            json.WriteNumber("dropped_earlier", summary.Cut.DroppedEarlier);
            json.WriteNumber("activations_withdrawn", summary.Cut.WithdrawnActivations);
            json.WriteNumber("waiting_again", summary.Cut.WaitingAgain);
            json.WriteNumber("later_keys", summary.Cut.LaterKeys);
            json.WriteString("epoch", summary.Epoch.ToString());
            json.WriteBoolean("has_key", summary.HasKey);
            json.WriteNumber("violations_found", summary.Report.ViolationsFound);
            json.WriteEndObject();
        });
}
