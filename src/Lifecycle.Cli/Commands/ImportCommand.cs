using System.CommandLine;
using System.Globalization;
using Lifecycle.Cli.Import;
using Lifecycle.Cli.Output;
using Lifecycle.Domain.Money;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle import</c>: a file of invoices becomes events on the server.</summary>
internal static class ImportCommand
{
    private const string OnlineRetail = "online-retail";

    /// <summary>More requests in flight than this only wait for each other.</summary>
    private const int LanesMax = 64;

    /// <summary>Events of one request; larger bodies are slower to answer and no cheaper to take.</summary>
    private const int BatchMax = 1_000;

    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A CSV file, plain or gzip-compressed." };
        file.AcceptExistingOnly();
        var format = new Option<string>("--format")
        {
            Description = $"What the file is. {OnlineRetail}: UCI Online Retail, one order or return an invoice.",
            Required = true,
        };
        format.AcceptOnlyFromAmong(OnlineRetail);
        var lanes = Number("--lanes", "Requests in flight; a customer is always in the same lane.", 4, LanesMax);
        var batch = Number("--batch", "Events of one request.", 100, BatchMax);
        var currency = new Option<string?>("--currency")
        {
            Description = "Name this currency (ISO 4217) in every event. Default: none, so that amounts are "
                + "minor units of the program's currency.",
            HelpName = "CODE",
        };
        currency.Validators.Add(result =>
        {
            // A wrong code would put every invoice of the file into the server's quarantine.
            if (result.Tokens is [{ Value: var code }] && Currencies.Find(code) is null)
                result.AddError($"--currency takes a code of ISO 4217 in capitals, such as GBP, not '{code}'.");
        });
        var problems = new Option<FileInfo?>("--problems")
        {
            Description = "Write the lines that cannot be read to this CSV file.",
            HelpName = "FILE",
        };
        var command = new Command(
            "import", "Send a file of orders and returns to the server. Doing it twice changes nothing.")
        {
            file, format, lanes, batch, currency, problems,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new ImportOptions(parsed.GetValue(lanes), parsed.GetValue(batch), parsed.GetValue(currency));
            using var api = globals.Connect(parsed, surroundings.Retry);
            var clock = surroundings.Clock;
            var start = clock.GetTimestamp();
            var read = await ReadAsync(parsed.GetRequiredValue(file), surroundings, cancel);
            var middle = clock.GetTimestamp();
            if (parsed.GetValue(problems) is { } to) ProblemsFile.Write(to.FullName, read.Problems);
            else ProblemsFile.Show(surroundings.Error, read.Problems);

            var progress = new Progress(surroundings, "Sending", "invoices");
            var sender = new ImportSender(api, options, progress.Add);
            var totals = await progress.RunAsync(read.Invoices.Count, () => sender.SendAsync(read.Invoices, cancel));
            var summary = new ImportSummary(
                read, totals, clock.GetElapsedTime(start, middle), clock.GetElapsedTime(middle));
            if (globals.Json(parsed)) summary.WriteJson(surroundings.Out);
            else summary.WriteText(surroundings.Out);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<OnlineRetailFile> ReadAsync(
        FileInfo file, Surroundings surroundings, CancellationToken cancel)
    {
        try
        {
            await using var stream = file.OpenRead();
            var progress = new Progress(surroundings, "Reading", "bytes");
            return await progress.RunAsync(
                stream.Length, () => Task.Run(() => OnlineRetailFile.Read(stream, progress.Set, cancel), cancel));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The file cannot be read: {failure.Message}", failure);
        }
    }

    private static Option<int> Number(string name, string description, int fallback, int max) => new(name)
    {
        Description = $"{description} 1 to {max}.",
        DefaultValueFactory = _ => fallback,
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= 1 && number <= max)
            {
                return number;
            }
            result.AddError($"{name} takes a number from 1 to {max}, not '{result.Tokens[^1].Value}'.");
            return default;
        },
    };
}
