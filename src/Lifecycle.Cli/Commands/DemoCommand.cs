using System.CommandLine;
using System.Globalization;
using Lifecycle.Cli.Demo;
using Lifecycle.Client;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle demo</c>: a synthetic shop whose customers live now.</summary>
internal static class DemoCommand
{
    private const int CustomersMax = 100_000;
    private const int YearsMax = 10;
    private const double RateDefault = 3;
    private const double RateMax = 500;

    public static Command Build(GlobalOptions globals, Surroundings surroundings)
    {
        var customers = Number<int?>(
            "--customers", $"Who join until now, 1 to {CustomersMax}. Default {ShopSettings.CustomersDefault}.",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n is >= 1 and <= CustomersMax ? n : null);
        var seed = Number<long?>(
            "--seed", $"Of all chance: another one is another shop. Default {ShopSettings.SeedDefault}.",
            text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null);
        var years = Number<int?>(
            "--years", $"Of history, 1 to {YearsMax}. Default {ShopSettings.YearsDefault}.",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n is >= 1 and <= YearsMax ? n : null);
        var rate = Number<double?>(
            "--rate", $"Events a second of the live stream, above 0 up to {RateMax}. Default {RateDefault}.",
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n)
                && n is > 0 and <= RateMax ? n : null);
        var historyOnly = new Option<bool>("--history-only") { Description = "End when the history is there." };
        var command = new Command(
            "demo",
            "Fill a server with a synthetic shop of three years, then let its customers go on until Ctrl+C. "
            + "Doing it again goes on where it ended.")
        {
            customers, seed, years, rate, historyOnly,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = globals.Connect(parsed, surroundings.Retry);
            var wanted = new Wanted(parsed.GetValue(seed), parsed.GetValue(customers), parsed.GetValue(years));
            var run = new Run(client, surroundings, globals.Json(parsed));
            await run.RunAsync(
                wanted, parsed.GetValue(historyOnly) ? null : parsed.GetValue(rate) ?? RateDefault, cancel);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<T> Number<T>(string name, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var number = parse(result.Tokens[^1].Value);
            if (number is null) result.AddError($"{name} does not take '{result.Tokens[^1].Value}'. {description}");
            return number;
        },
    };

    /// <summary>What the command line asks for; null where it leaves that to the store or the default.</summary>
    private sealed record Wanted(long? Seed, int? Customers, int? Years);

    private sealed class Run(LifecycleClient client, Surroundings surroundings, bool asJson)
    {
        /// <param name="rate">Null without a live stream.</param>
        public async Task RunAsync(Wanted wanted, double? rate, CancellationToken cancel)
        {
            var now = surroundings.Clock.GetUtcNow();
            var found = await ShopBooks.ReadAsync(client, cancel);
            var settings = found is { } there ? Same(there.Settings, wanted) : await NewAsync(wanted, now, cancel);
            var shop = new Shop(settings);
            // A first history ends on the hour, so that the same demo begun twice within it is the same.
            var until = found is null ? settings.FilledTo : now;
            var filling = await new DemoFill(client, surroundings).RunAsync(shop, found?.FilledTo, until, cancel);
            var customers = shop.Shoppers.Select(shopper => shopper.Id).ToList();
            var summary = new DemoSummary(
                settings, customers.Count, filling, await StageShares.ReadAsync(client, customers, cancel), null);
            if (!asJson) summary.WriteText(surroundings.Out, client.Options.Url);
            if (rate is { } perSecond)
            {
                await surroundings.Out.FlushAsync(cancel);
                surroundings.Error.WriteLine("The customers go on. Ctrl+C ends it.");
                var live = await new DemoLive(client, surroundings, perSecond).RunAsync(shop, until, cancel);
                summary = summary with { Live = live };
                if (!asJson) DemoSummary.WriteText(surroundings.Out, live);
            }
            if (asJson) summary.WriteJson(surroundings.Out);
        }

        /// <summary>A store has one demo; two of them under the same ids would be neither.</summary>
        private static ShopSettings Same(ShopSettings there, Wanted wanted)
        {
            if ((wanted.Seed ?? there.Seed, wanted.Customers ?? there.Customers, wanted.Years ?? there.Years)
                == (there.Seed, there.Customers, there.Years))
                return there;
            throw new CommandFailedException(
                $"The server has a demo already: --seed {there.Seed} --customers {there.Customers} "
                + $"--years {there.Years}. Leave these options out to go on with it, or start the server with an empty folder.");
        }

        /// <summary>Never among real customers.</summary>
        private async Task<ShopSettings> NewAsync(Wanted wanted, DateTimeOffset now, CancellationToken cancel)
        {
            var position = (await client.RunReportAsync("rfm", new(DateTimeOffset.UnixEpoch), cancel: cancel)).Position;
            if (position > 0)
            {
                throw new CommandFailedException(
                    $"The server holds {position} entries that are no demo's, and a demo among them could not be taken "
                    + "out again. Start one with an empty folder: ./run --demo does.");
            }
            return ShopSettings.EndingAt(
                now, wanted.Seed ?? ShopSettings.SeedDefault, wanted.Customers ?? ShopSettings.CustomersDefault,
                wanted.Years ?? ShopSettings.YearsDefault);
        }
    }
}
