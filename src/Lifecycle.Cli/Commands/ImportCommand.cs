using System.CommandLine;
using Lifecycle.Cli.Import;
using Lifecycle.Cli.Output;
using Lifecycle.Domain.Money;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle import</c>: a file becomes events on the server.</summary>
internal static class ImportCommand
{
    /// <summary>More requests in flight than this only wait for each other.</summary>
    private const int LanesMax = 64;

    /// <summary>Events of one request; larger bodies are slower to answer and no cheaper to take.</summary>
    private const int BatchMax = 1_000;

    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The file; CSV plain or gzip-compressed." };
        file.AcceptExistingOnly();
        var format = new Option<string>("--format")
        {
            Description = $"What the file is. {ImportReading.OnlineRetail}: UCI Online Retail, one order or return an "
                + $"invoice. {ImportReading.Cdnow}: the CDNOW purchases. {ImportReading.Csv}: any CSV, by a --map.",
            Required = true,
        };
        format.AcceptOnlyFromAmong(ImportReading.OnlineRetail, ImportReading.Cdnow, ImportReading.Csv);
        var map = Path("--map", "How the columns become events (YAML); for --format csv.");
        map.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var named }] && !File.Exists(named)) result.AddError($"There is no file {named}.");
        });
        var lanes = NumberArgument.Option(
            "--lanes", "Requests in flight; a customer is always in the same lane.", 4, 1, LanesMax);
        var batch = NumberArgument.Option("--batch", "Events of one request.", 100, 1, BatchMax);
        var currency = Currency();
        var problems = Path("--problems", "Write the lines that were not taken to this CSV file.");
        var dryRun = new Option<bool>("--dry-run") { Description = "Only read and check; nothing is sent." };
        var shift = new Option<bool>("--shift-to-now")
        {
            Description = "Move all times by the same number of days, so that the latest event is of the last 24 hours.",
        };
        var countFree = new Option<bool>("--count-free")
        {
            Description = "cdnow: send an order of nothing as one of a hundredth, so that it counts as an order.",
        };
        var command = new Command("import", "Send a file of events to the server. Doing it twice changes nothing.")
        {
            file, format, map, lanes, batch, currency, problems, dryRun, shift, countFree,
        };
        command.Validators.Add(result =>
        {
            var named = result.GetValue(format);
            if ((named == ImportReading.Csv) != (result.GetValue(map) is not null))
                result.AddError("--format csv needs a --map, and no other format takes one.");
            if (named == ImportReading.Csv && result.GetValue(currency) is not null)
                result.AddError("--format csv takes its currency from the map.");
            if (named != ImportReading.Cdnow && result.GetValue(countFree))
                result.AddError("--count-free is for --format cdnow.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var reading = new ImportReading(
                parsed.GetRequiredValue(file), parsed.GetRequiredValue(format), parsed.GetValue(map),
                parsed.GetValue(countFree), parsed.GetValue(shift), surroundings);
            var start = surroundings.Clock.GetTimestamp();
            var read = await reading.ReadAsync(cancel);
            var took = surroundings.Clock.GetElapsedTime(start);
            var to = parsed.GetValue(problems)?.FullName;
            if (to is null) ProblemsFile.Show(surroundings.Error, read.Problems);
            else reading.WriteProblems(to, read.Problems);
            if (parsed.GetValue(dryRun)) return Check(globals.Json(parsed), read, surroundings);

            var options = new ImportOptions(parsed.GetValue(lanes), parsed.GetValue(batch), parsed.GetValue(currency));
            using var api = globals.Connect(parsed, surroundings.Retry);
            var middle = surroundings.Clock.GetTimestamp();
            var progress = new Progress(surroundings, "Sending", "events");
            var sender = new ImportSender(api, options, progress.Add);
            var totals = await progress.RunAsync(read.Events.Count, () => sender.SendAsync(read.Events, cancel));
            if (to is not null && totals.Refused.Count > 0 && reading.Format == ImportReading.Csv)
                reading.WriteProblems(to, [.. read.Problems, .. Refused(totals)]);
            var summary = new ImportSummary(read, totals, took, surroundings.Clock.GetElapsedTime(middle));
            if (globals.Json(parsed)) summary.WriteJson(surroundings.Out);
            else summary.WriteText(surroundings.Out);
            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<LineProblem> Refused(ImportTotals totals) =>
        from refused in totals.Refused
        from line in refused.Event.FileLines
        select new LineProblem(line, refused.Event.Id, refused.Reason, "the server put it into quarantine");

    /// <summary>What would be sent.</summary>
    private static int Check(bool asJson, ImportFile read, Surroundings surroundings)
    {
        if (asJson) JsonOut.Write(surroundings.Out, json => ImportSummary.WriteCheck(json, read));
        else ImportSummary.WriteCheck(surroundings.Out, read);
        return read.Problems.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Option<FileInfo?> Path(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };

    private static Option<string?> Currency()
    {
        var currency = new Option<string?>("--currency")
        {
            Description = "Name this currency (ISO 4217) in every event. Default: none, so that amounts are "
                + "minor units of the program's currency.",
            HelpName = "CODE",
        };
        currency.Validators.Add(result =>
        {
            // A wrong code would put every event of the file into the server's quarantine.
            if (result.Tokens is [{ Value: var code }] && Currencies.Find(code) is null)
                result.AddError($"--currency takes a code of ISO 4217 in capitals, such as GBP, not '{code}'.");
        });
        return currency;
    }
}
