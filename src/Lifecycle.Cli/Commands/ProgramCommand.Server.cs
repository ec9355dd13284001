using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lifecycle.Cli.Api;
using Lifecycle.Cli.Output;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Cli.Commands;

/// <summary>Programs of a server: stored, compared, activated, listed.</summary>
internal static partial class ProgramCommand
{
    private static Command Store(GlobalOptions globals, Surroundings surroundings)
    {
        var file = DocumentFile();
        var dryRun = new Option<bool>("--dry-run") { Description = "Let the server check it, and store nothing." };
        var command = new Command("store", "Store a document on the server; it rules nothing until it is activated.")
        {
            file, dryRun,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var document = await ReadAsync(parsed.GetRequiredValue(file), cancel);
            using var api = globals.Connect(parsed);
            var answer = await ProgramServer.StoreAsync(api, document, parsed.GetValue(dryRun), cancel);
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, answer.WriteTo);
            else if (parsed.GetValue(dryRun))
                surroundings.Out.WriteLine($"The program {Answers.Text(answer, "name")} is valid.");
            else
                surroundings.Out.WriteLine(
                    $"The program {Answers.Text(answer, "name")} is version {Answers.Text(answer, "version")}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Diff(GlobalOptions globals, Surroundings surroundings)
    {
        var before = new Argument<string>("A") { Description = "A file, or the number of a stored version." };
        var after = new Argument<string>("B") { Description = "A file, or the number of a stored version." };
        var command = new Command("diff", "Say what changes from A to B. Needs a server only for stored versions.")
        {
            before, after,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var changes = ProgramDiff.Between(
                await DocumentAsync(globals, parsed, parsed.GetRequiredValue(before), cancel),
                await DocumentAsync(globals, parsed, parsed.GetRequiredValue(after), cancel));
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, json => WriteDiff(json, changes));
            else if (changes.Length == 0) surroundings.Out.WriteLine("No difference.");
            else foreach (var change in changes) surroundings.Out.WriteLine(change);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Activate(GlobalOptions globals, Surroundings surroundings)
    {
        var version = new Argument<int>("VERSION") { Description = "A stored version, from 'program list'." };
        var at = new Option<Instant?>("--at")
        {
            Description = "When it takes effect, at least 2 s ahead. Default: as soon as allowed.",
            HelpName = "TIME",
            CustomParser = result =>
            {
                if (TimeArgument.Parse(result.Tokens[^1].Value) is { } instant) return instant;
                result.AddError(TimeArgument.Expected("--at", result.Tokens[^1].Value));
                return null;
            },
        };
        var command = new Command("activate", "Let a stored version rule from an instant on.") { version, at };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var answer = await ProgramServer.ActivateAsync(
                api, parsed.GetRequiredValue(version), parsed.GetValue(at), cancel);
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, answer.WriteTo);
            else
                surroundings.Out.WriteLine(
                    $"Version {Answers.Text(answer, "version")} rules from {Since(answer)} (activation " +
                    $"{Answers.Text(answer, "id")}, {Answers.Text(answer, "status")}).");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Withdraw(GlobalOptions globals, Surroundings surroundings)
    {
        var id = new Argument<long>("ACTIVATION") { Description = "Its number, from 'program list'." };
        var command = new Command("withdraw", "Take back an activation that is still to come.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var activation = parsed.GetRequiredValue(id);
            await ProgramServer.WithdrawAsync(api, activation, cancel);
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("id", activation);
                json.WriteBoolean("withdrawn", true);
                json.WriteEndObject();
            });
            else surroundings.Out.WriteLine($"Activation {activation} is withdrawn.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List(GlobalOptions globals, Surroundings surroundings)
    {
        var command = new Command(
            "list", "List the stored versions with when they rule, and how far the sweep after a change has come.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var answer = await ProgramServer.ListAsync(api, cancel);
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, answer.WriteTo);
            else WriteList(surroundings.Out, answer);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void WriteList(TextWriter writer, JsonElement answer)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var program in Answers.Array(answer, "programs").EnumerateArray())
        {
            var version = Answers.Text(program, "version");
            var activations = Answers.Array(program, "activations").EnumerateArray().Reverse().ToList();
            if (activations.Count == 0) rows.Add([version, "stored", "", ""]);
            foreach (var a in activations)
                rows.Add([version, Answers.Text(a, "status"), Since(a), Answers.Text(a, "id")]);
        }

        TableOut.Write(writer, ["version", "status", "effective_at", "activation"], rows);
        if (answer.TryGetProperty("sweep", out var sweep) && sweep.ValueKind == JsonValueKind.Object)
        {
            var state = Answers.Text(sweep, "finished_at") is { Length: > 0 } end ? $"finished at {end}" : "under way";
            writer.WriteLine(
                $"Sweep: {Answers.Text(sweep, "done")} of {Answers.Text(sweep, "total")} customers, {state}.");
        }
    }

    private static string Since(JsonElement activation) =>
        Answers.Text(activation, "effective_at") is { Length: > 0 } at ? at : "the beginning";

    /// <summary>What is named: a file where there is one of this name, else a version of the server.</summary>
    private static async Task<string> DocumentAsync(
        GlobalOptions globals, ParseResult parsed, string named, CancellationToken cancel)
    {
        if (File.Exists(named))
        {
            var document = await ReadAsync(new FileInfo(named), cancel);
            if (ProgramDocument.Parse(document, version: 1).Errors is not [var first, ..]) return document;
            throw new CommandFailedException(
                $"{named}:{first.Line}:{first.Column}: {first.Message} 'lifecycle program check' lists every error.");
        }

        if (!int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new CommandFailedException($"There is no file {named}, and it is no number of a version.");
        using var api = globals.Connect(parsed);
        return Answers.Text(await ProgramServer.ReadAsync(api, version, cancel), "document");
    }

    private static void WriteDiff(Utf8JsonWriter json, IReadOnlyList<ProgramChange> changes)
    {
        json.WriteStartObject();
        json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("path", change.Path);
            json.WriteString("kind", change.Kind);
            json.WriteString("before", change.Before);
            json.WriteString("after", change.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
