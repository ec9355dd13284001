using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Lifecycle.Cli.Output;
using Lifecycle.Client;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle quarantine</c>: events that could not be taken.</summary>
internal static partial class QuarantineCommand
{
    private const string Root = "v1/quarantine";
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    public static Command Build(GlobalOptions globals, Surroundings surroundings) =>
        new("quarantine", "Events that could not be taken: list, show, replay, discard.")
        {
            List(globals, surroundings), Show(globals, surroundings), Replay(globals, surroundings),
            Discard(globals, surroundings),
        };

    private static Command List(GlobalOptions globals, Surroundings surroundings)
    {
        var filter = new FilterOptions();
        var state = new Option<string>("--state")
        {
            Description = "Those that wait, those that are resolved, or all.", DefaultValueFactory = _ => "waiting",
        };
        state.AcceptOnlyFromAmong("waiting", "resolved", "all");
        var limit = NumberArgument.Option("--limit", "How many to list.", LimitDefault, 1, LimitMax);
        var command = new Command("list", "How much there is by source and reason, and the oldest of it.")
        {
            state, limit,
        };
        filter.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var query = new List<string>
            {
                $"state={parsed.GetRequiredValue(state)}",
                string.Create(CultureInfo.InvariantCulture, $"limit={parsed.GetValue(limit)}"),
            };
            query.AddRange(filter.QueryOf(parsed));
            var answer = await api.SendAsync(
                HttpMethod.Get, $"{Root}?{string.Join('&', query)}", cancel: cancel);
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, answer.WriteTo);
            else WriteList(surroundings, answer);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void WriteList(Surroundings surroundings, JsonElement answer)
    {
        var counts = Answers.Array(answer, "counts");
        if (counts.GetArrayLength() == 0)
        {
            surroundings.Out.WriteLine("Nothing.");
            return;
        }
        WriteTable(surroundings.Out, counts, "source", "reason", "items", "times");
        WriteTable(
            surroundings.Out, Answers.Array(answer, "items"),
            "id", "source", "reason", "times", "received_at", "detail");
        if (Answers.Text(answer, "next_cursor").Length > 0)
            surroundings.Error.WriteLine("There are more: a larger --limit, --source, --reason or --day shows them.");
    }

    private static void WriteTable(TextWriter writer, JsonElement rows, params string[] columns) => TableOut.Write(
        writer, columns,
        rows.EnumerateArray()
            .Select(row => (IReadOnlyList<string>)[.. columns.Select(column => Answers.Text(row, column))])
            .ToList());

    private static Command Show(GlobalOptions globals, Surroundings surroundings)
    {
        var id = new Argument<long>("ID") { Description = "Its number, from 'quarantine list'." };
        var command = new Command("show", "Print an event as it was sent. It may be personal data.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var number = parsed.GetRequiredValue(id);
            if (globals.Json(parsed))
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"{Root}/{number}");
                JsonOut.Write(surroundings.Out, (await api.SendAsync(HttpMethod.Get, path, cancel: cancel)).WriteTo);
                return ExitCodes.Done;
            }
            var (item, body, _) = await api.GetQuarantinedAsync(number, cancel);
            // Only the event goes to the output, so that it can be corrected and replayed.
            surroundings.Error.WriteLine($"{item.Reason}: {item.Detail} {StateOf(item)}");
            surroundings.Out.WriteLine(body);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string StateOf(QuarantinedEvent item) =>
        item.Resolution is { } resolution ? $"It was {resolution.How} by the key {resolution.By}." : "It waits.";

    /// <summary>Which of them are meant.</summary>
    private sealed class FilterOptions
    {
        private readonly Option<string?> _source = new("--source") { Description = "Only from this source." };
        private readonly Option<string?> _reason = new("--reason") { Description = "Only for this reason." };

        private readonly Option<DateOnly?> _day = new("--day")
        {
            Description = "Only those that first came on this day (UTC), such as 2026-11-20.", CustomParser = DayOf,
        };

        public void AddTo(Command command)
        {
            command.Add(_source);
            command.Add(_reason);
            command.Add(_day);
        }

        public bool IsEmpty(CommandResult result) => new Option[] { _source, _reason, _day }
            .All(option => result.GetResult(option) is null);

        public QuarantineFilter Of(ParseResult parsed) => new()
        {
            Source = parsed.GetValue(_source), Reason = parsed.GetValue(_reason), Day = parsed.GetValue(_day),
        };

        public IEnumerable<string> QueryOf(ParseResult parsed)
        {
            if (parsed.GetValue(_source) is { } source) yield return $"source={Uri.EscapeDataString(source)}";
            if (parsed.GetValue(_reason) is { } reason) yield return $"reason={Uri.EscapeDataString(reason)}";
            if (parsed.GetValue(_day) is { } day) yield return $"day={day.ToString("O", CultureInfo.InvariantCulture)}";
        }

        private static DateOnly? DayOf(ArgumentResult result)
        {
            var text = result.Tokens[^1].Value;
            if (DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            result.AddError($"--day takes a day such as 2026-11-20, not '{text}'.");
            return null;
        }
    }
}
