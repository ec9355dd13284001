using System.CommandLine;
using System.Text.Json;
using Lifecycle.Cli.Output;
using Lifecycle.Domain.Time;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle report</c>: one report of the server, or the list of them.</summary>
internal static class ReportCommand
{
    private const string Table = "table";
    private const string Csv = "csv";
    private const string Json = "json";

    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "The report, such as rfm. Without it: the list of reports.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var list = new Option<bool>("--list") { Description = "List the reports with what they mean." };
        var asOf = TimeArgument.Option("--as-of", "Only what had occurred by then. Default: now.");
        var knownAt = TimeArgument.Option("--known-at", "Only what had been recorded by then. Default: now.");
        var format = new Option<string?>("--format")
        {
            Description = "How to print it. Default: table, or json with --json.",
        };
        format.AcceptOnlyFromAmong(Table, Csv, Json);
        var command = new Command("report", "Print a report on the whole population.")
        {
            name, list, asOf, knownAt, format,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is not null && result.GetValue(list)) result.AddError("--list takes no NAME.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var form = parsed.GetValue(format) ?? (globals.Json(parsed) ? Json : Table);
            if (parsed.GetValue(name) is not { } report)
            {
                var catalogue = await api.SendAsync(HttpMethod.Get, "v1/reports", cancel: cancel);
                if (form == Json) JsonOut.Write(surroundings.Out, catalogue.WriteTo);
                else ReportOut.WriteCatalogue(surroundings.Out, catalogue, form == Csv);
                return ExitCodes.Done;
            }
            var path = PathOf(report, parsed.GetValue(asOf), parsed.GetValue(knownAt));
            var answer = await api.SendAsync(HttpMethod.Get, path, cancel: cancel);
            Write(surroundings.Out, answer, form);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string PathOf(string report, Instant? asOf, Instant? knownAt)
    {
        var query = new List<string>();
        if (asOf is { } occurred) query.Add($"as_of={Uri.EscapeDataString(occurred.ToString())}");
        if (knownAt is { } recorded) query.Add($"known_at={Uri.EscapeDataString(recorded.ToString())}");
        var path = $"v1/reports/{Uri.EscapeDataString(report)}";
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private static void Write(TextWriter writer, JsonElement answer, string form)
    {
        if (form == Json) JsonOut.Write(writer, answer.WriteTo);
        else if (form == Csv) ReportOut.WriteCsv(writer, answer);
        else ReportOut.WriteTable(writer, answer);
    }
}
