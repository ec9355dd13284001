using Lifecycle.Server.Tests;

namespace Lifecycle.Client.Tests;

/// <summary>The code that docs/client.md shows.</summary>
internal static class PageExample
{
    public static string ShownOnPage =>
        File.ReadAllText(Path.Combine(ProjectFiles.Root, "docs", "client.md")).Split("```csharp\n")[1].Split("```")[0];

    public static string RunHere
    {
        get
        {
            var file = Path.Combine(ProjectFiles.Root, "tests", "Lifecycle.Client.Tests", $"{nameof(PageExample)}.cs");
            var lines = File.ReadAllLines(file)
                .SkipWhile(line => !line.EndsWith("begin", StringComparison.Ordinal)).Skip(1)
                .TakeWhile(line => !line.EndsWith("end", StringComparison.Ordinal));
            return string.Concat(lines.Select(line => $"{(line.Length > 8 ? line[8..] : "")}\n"));
        }
    }

    public static async Task RunAsync(Uri url, string key, DateTimeOffset now)
    {
        // begin
        using var lifecycle = new LifecycleClient(url, key);

        // Events carry ids: sending the same again, today or in ten years, changes nothing.
        var answer = await lifecycle.SendEventsAsync(
        [
            new("e-1", EventTypes.OrderPlaced, "c-1")
            {
                Source = "shop",
                OccurredAt = now,
                Data = new()
                {
                    OrderId = "o-1", AmountMinor = 12_900,
                    Items = [new("A") { Category = "tea", Quantity = 2, AmountMinor = 12_900 }],
                },
            },
        ]);
        foreach (var result in answer.Results) Console.WriteLine($"{result.Id}: {result.Problem?.Reason}");

        var status = await lifecycle.GetStatusAsync("c-1");
        Console.WriteLine($"{status.Stage}, {status.Available} points, {status.Pending} pending");

        try
        {
            var receipt = await lifecycle.RedeemAsync("c-1", 100, "voucher-1", options: new() { IfMatch = status.ETag });
            Console.WriteLine($"{receipt.Available} points are left");
        }
        catch (LifecycleException problem) when (problem.Code == "insufficient_points")
        {
            Console.WriteLine(problem.Detail);
        }

        // In the background: batches, several requests in flight, each customer's events in their order.
        await using var sender = new EventSender(lifecycle, new() { Lanes = 4 });
        for (var n = 0; n < 1_000; n++)
            await sender.AddAsync(new($"v-{n}", EventTypes.Visit, $"c-{n % 10}") { OccurredAt = now });
        await sender.FlushAsync();
        Console.WriteLine($"{sender.Totals.Accepted} visits");
        // end
    }
}
