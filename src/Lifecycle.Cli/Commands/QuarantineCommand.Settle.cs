using System.CommandLine;
using System.Globalization;
using Lifecycle.Cli.Output;
using Lifecycle.Client;

namespace Lifecycle.Cli.Commands;

/// <summary>Replay and discard: one, or all that a filter names.</summary>
internal static partial class QuarantineCommand
{
    private static Command Replay(GlobalOptions globals, Surroundings surroundings)
    {
        var (id, filter) = (OneOf(), new FilterOptions());
        var correction = new Option<FileInfo>("--correction")
        {
            Description = "A file with the event as corrected (JSON), for ID.", HelpName = "FILE",
        };
        correction.AcceptExistingOnly();
        var command = new Command("replay", "Take events in once more: ID, or all that wait and a filter names.")
        {
            id, correction,
        };
        filter.AddTo(command);
        RequireOne(command, id, filter);
        command.Validators.Add(result =>
        {
            if (result.GetResult(correction) is not null && result.GetValue(id) is null)
                result.AddError("--correction needs an ID.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed, surroundings.Retry);
            if (parsed.GetValue(id) is not { } number)
                return await SettleAllAsync(
                    globals.Json(parsed), surroundings, "replayed",
                    cursor => api.ReplayManyAsync(filter.Of(parsed), cursor, cancel: cancel));
            var replay = parsed.GetValue(correction) is { } file
                ? await api.ReplayCorrectedAsync(number, await File.ReadAllBytesAsync(file.FullName, cancel), cancel)
                : await api.ReplayAsync(number, cancel);
            var (taken, problem) = (replay.Item.Resolution is not null, replay.Result?.Problem);
            WriteOne(
                globals.Json(parsed), surroundings, number, taken ? "replayed" : "waiting", problem?.Reason,
                taken
                    ? $"Event {number} is taken."
                    : $"Event {number} still waits, {problem?.Reason}: {problem?.Detail}");
            return taken ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static Command Discard(GlobalOptions globals, Surroundings surroundings)
    {
        var (id, filter) = (OneOf(), new FilterOptions());
        var because = new Option<string>("--because")
        {
            Description = "Why they will not be taken: a code of your own, such as test_data.", Required = true,
        };
        var note = new Option<string?>("--note") { Description = "The same in words." };
        var command = new Command("discard", "Decide that events will not be taken: ID, or all that a filter names.")
        {
            id, because, note,
        };
        filter.AddTo(command);
        RequireOne(command, id, filter);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed, surroundings.Retry);
            var (reason, words) = (parsed.GetRequiredValue(because), parsed.GetValue(note));
            if (parsed.GetValue(id) is not { } number)
                return await SettleAllAsync(
                    globals.Json(parsed), surroundings, "discarded",
                    cursor => api.DiscardManyAsync(filter.Of(parsed), reason, words, cursor, cancel: cancel));
            var item = await api.DiscardAsync(number, reason, words, cancel);
            WriteOne(
                globals.Json(parsed), surroundings, number, "discarded", item.Resolution?.Reason,
                $"Event {number} is discarded: {item.Resolution?.Reason}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<long?> OneOf() => new("ID")
    {
        Description = "Its number, from 'quarantine list'.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static void RequireOne(Command command, Argument<long?> id, FilterOptions filter) =>
        command.Validators.Add(result =>
        {
            if (result.GetResult(id) is { Tokens.Count: > 0 } != filter.IsEmpty(result))
                result.AddError("Name an ID, or at least one of --source, --reason and --day; not both.");
        });

    /// <summary>Goes on from answer to answer until nothing is left to try.</summary>
    private static async Task<int> SettleAllAsync(
        bool isJson, Surroundings surroundings, string how, Func<string?, Task<QuarantineSettled>> settleAsync)
    {
        var (resolved, failed) = (0L, 0L);
        QuarantineSettled answer;
        string? cursor = null;
        do
        {
            answer = await settleAsync(cursor);
            (resolved, failed, cursor) = (resolved + answer.Resolved, failed + answer.Failed, answer.NextCursor);
        }
        while (cursor is not null);
        if (isJson)
            JsonOut.Write(surroundings.Out, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("resolved", resolved);
                json.WriteNumber("failed", failed);
                json.WriteNumber("waiting", answer.Waiting);
                json.WriteEndObject();
            });
        else
            surroundings.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{resolved} {how}, {failed} failed, {answer.Waiting} waiting"));
        return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void WriteOne(
        bool isJson, Surroundings surroundings, long id, string state, string? reason, string words)
    {
        if (!isJson)
        {
            (state == "waiting" ? surroundings.Error : surroundings.Out).WriteLine(words);
            return;
        }
        JsonOut.Write(surroundings.Out, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("state", state);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        });
    }
}
