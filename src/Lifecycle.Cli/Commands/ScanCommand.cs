using System.CommandLine;
using System.Globalization;
using Lifecycle.Analytics.Population;
using Lifecycle.Cli.Output;
using Lifecycle.Cli.Scan;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle scan</c>: every customer at one cut, a line each.</summary>
internal static class ScanCommand
{
    private const int LanesMax = 64;
    private const int LanesDefault = 4;

    private static readonly string[] Separators = [","];

    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var filter = new Option<string?>("--filter")
        {
            Description = "Only customers for whom it holds, such as \"customer.orders_365d >= 6\".",
            HelpName = "CONDITION",
        };
        var columns = new Option<string?>("--columns")
        {
            Description = "What to say of each, with commas between the names. Default: all.", HelpName = "NAMES",
        };
        columns.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } names && CustomerColumns.Parse(names).Fault is { } fault)
                result.AddError($"--columns {fault}");
        });
        var format = new Option<string>("--format")
        {
            Description = "A JSON object a line, or CSV.",
            DefaultValueFactory = _ => ScanRequest.NdJson,
        };
        format.AcceptOnlyFromAmong(ScanRequest.NdJson, ScanRequest.Csv);
        var output = new Option<string?>("--output")
        {
            Description = "Where to write them; it is there only when it is whole. Default: the output.", HelpName = "FILE",
        };
        var cluster = new Option<string?>("--cluster")
        {
            Description = "Ask the processes of a cluster, all at once, as a client of Orleans. WHERE is HOST:PORT of "
                + "their gateways, with commas between them, or the connection string of their database. Default: the "
                + "gateway of ./run --cluster.",
            HelpName = "WHERE", Arity = ArgumentArity.ZeroOrOne,
        };
        var lanes = NumberArgument.Option(
            "--lanes", "Parts of the customers that a cluster reads at once; the lines of one are in order.",
            LanesDefault, 1, LanesMax);
        var command = new Command("scan", "Print every customer at one instant, a line each.")
        {
            filter, columns, format, output, cluster, lanes,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new ScanRequest(
                parsed.GetValue(filter), parsed.GetValue(columns)?.Split(Separators, StringSplitOptions.TrimEntries),
                parsed.GetRequiredValue(format), parsed.GetValue(lanes));
            await using var source = parsed.GetResult(cluster) is null
                ? new ServerCustomers(globals.Connect(parsed, surroundings.Retry))
                : surroundings.Cluster?.Invoke(parsed.GetValue(cluster)) ?? throw new CommandFailedException(
                    "This program is no client of a cluster. './lifecycle scan --cluster' starts the one that is, and "
                    + "so does 'dotnet Lifecycle.Cluster.dll scan --cluster'.");
            await RunAsync(source, request, parsed.GetValue(output), globals.Json(parsed), surroundings, cancel);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        ICustomerSource source, ScanRequest request, string? file, bool asJson, Surroundings surroundings,
        CancellationToken cancel)
    {
        var start = surroundings.Clock.GetTimestamp();
        var progress = new Progress(surroundings, "Scanning", "customers");
        await using var lines = LinesFile.Open(file, surroundings.Out);
        var customers = await progress.RunAsync(null, async () =>
        {
            var sum = 0L;
            await foreach (var page in source.ScanAsync(request, cancel))
            {
                await lines.WriteAsync(page.Lines, cancel);
                progress.Add(page.Customers);
                sum += page.Customers;
            }

            await lines.CompleteAsync(cancel);
            return sum;
        });
        var seconds = surroundings.Clock.GetElapsedTime(start).TotalSeconds;
        // Where the lines are the output, what is said of them is not.
        var writer = file is null ? surroundings.Error : surroundings.Out;
        if (asJson)
        {
            JsonOut.Write(writer, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("customers", customers);
                json.WriteNumber("seconds", Math.Round(seconds, 3));
                json.WriteEndObject();
            });
        }
        else
        {
            var into = file is null ? "" : $", in {file}";
            await writer.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{customers:N0} customers in {seconds:0.0} s{into}."));
        }
    }
}
