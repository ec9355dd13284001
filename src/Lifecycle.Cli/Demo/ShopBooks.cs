using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>
/// The shop's own account, a customer like any other: which world the store holds, how far it is filled, and what
/// marketing costs each month.
/// </summary>
internal static class ShopBooks
{
    public const string Account = "demo-shop";

    private const string FilledType = "demo.filled";

    /// <summary>Cents for each customer that a channel brings.</summary>
    private static readonly (string Channel, double Share, double CostMinor)[] Spending =
        [("search", 0.34, 1_900), ("social", 0.22, 1_500), ("marketplace", 0.12, 1_100), ("email", 0.08, 300)];

    /// <summary>The first event of a store's demo.</summary>
    public static CustomerEvent Opening(ShopSettings settings) =>
        new("opened", EventTypes.CustomerRegistered, Account)
        {
            Source = Shopper.Source,
            OccurredAt = settings.OpenedAt,
            Data = new()
            {
                Kind = "business",
                Traits = new JsonObject
                {
                    ["seed"] = settings.Seed, ["customers"] = settings.Customers, ["years"] = settings.Years,
                    ["opened_at"] = TextOf(settings.OpenedAt),
                },
            },
        };

    /// <summary>Everything until the instant was acknowledged.</summary>
    public static CustomerEvent Filled(DateTimeOffset until) =>
        new($"filled-{TextOf(until)}", FilledType, Account) { Source = Shopper.Source, OccurredAt = until };

    /// <summary>What is found in the store; null when it has no demo.</summary>
    /// <exception cref="CommandFailedException">There is something else under the account's id.</exception>
    public static async Task<(ShopSettings Settings, DateTimeOffset? FilledTo)?> ReadAsync(
        LifecycleClient client, CancellationToken cancel)
    {
        DateTimeOffset? filled = null;
        try
        {
            await foreach (var entry in client.GetAllEntriesAsync(Account, cancel: cancel))
            {
                if (entry.Type == FilledType && entry.OccurredAt > (filled ?? DateTimeOffset.MinValue))
                    filled = entry.OccurredAt;
                if (entry is { Type: EventTypes.CustomerRegistered, Id: "opened" })
                    return (SettingsOf(entry.Data), filled);
            }
        }
        catch (LifecycleException failure) when (failure.Code == "customer_not_found")
        {
            return null;
        }
        throw new CommandFailedException(
            $"The server has a customer '{Account}' that is no demo's. Use another store.");
    }

    /// <summary>What each channel cost in each month that ended in the time.</summary>
    public static IEnumerable<CustomerEvent> Costs(ShopSettings settings, DateTimeOffset after, DateTimeOffset until)
    {
        var month = new DateTimeOffset(settings.OpenedAt.Year, settings.OpenedAt.Month, 1, 6, 0, 0, TimeSpan.Zero);
        for (month = month.AddMonths(1); month <= until; month = month.AddMonths(1))
        {
            if (month <= after) continue;
            var began = month.AddMonths(-1);
            var joined = settings.JoinedBy(month) - settings.JoinedBy(began);
            var chance = new Chance((ulong)settings.Seed, ((ulong)began.Year << 16) | ((ulong)began.Month << 8) | 3);
            var name = began.ToString("yyyy-MM", CultureInfo.InvariantCulture);
            foreach (var (channel, share, cost) in Spending)
            {
                yield return new($"spend-{name}-{channel}", EventTypes.MarketingSpend, Account)
                {
                    Source = Shopper.Source,
                    OccurredAt = month,
                    Data = new()
                    {
                        Channel = channel, Month = name,
                        AmountMinor = (long)((joined + 1) * share * cost * chance.Between(0.85, 1.2)),
                    },
                };
            }
        }
    }

    private static ShopSettings SettingsOf(JsonObject data)
    {
        try
        {
            var traits = data["traits"]!;
            return new(
                (long)traits["seed"]!, (int)traits["customers"]!, (int)traits["years"]!,
                DateTimeOffset.Parse((string)traits["opened_at"]!, CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (
            failure is NullReferenceException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new CommandFailedException(
                $"The server has a customer '{Account}' that is no demo's. Use another store.", failure);
        }
    }

    private static string TextOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
