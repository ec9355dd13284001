using System.Text.Json;
using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>What an input was answered with.</summary>
internal readonly record struct InputAnswer(Told Told, bool IsRepeated);

/// <summary>Answers of the API, as far as they are judged.</summary>
internal static class Answers
{
    /// <summary>Of <c>POST /v1/events?results=all</c>: one for each event, null for what was not taken.</summary>
    public static IReadOnlyList<InputAnswer?> OfEvents(string body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.GetProperty("results").EnumerateArray().Select(OfEvent)];
    }

    /// <summary>A receipt.</summary>
    public static Told OfReceipt(string body)
    {
        using var json = JsonDocument.Parse(body);
        return Receipt(json.RootElement);
    }

    /// <summary>The version of a refusal that is an entry; null for another problem.</summary>
    public static Told? OfRefusal(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("type").GetString() == "/problems/insufficient_points"
            ? new(json.RootElement.GetProperty("version").GetInt64(), null)
            : null;
    }

    public static (long Version, Balances Balances) OfStatus(string body)
    {
        using var json = JsonDocument.Parse(body);
        return (json.RootElement.GetProperty("version").GetInt64(), BalancesOf(json.RootElement));
    }

    public static (IReadOnlyList<JournalEntry> Entries, string Next) OfFeed(string body)
    {
        using var json = JsonDocument.Parse(body);
        return (
            [.. json.RootElement.GetProperty("entries").EnumerateArray().Select(Entry)],
            json.RootElement.GetProperty("next").GetString()!);
    }

    private static InputAnswer? OfEvent(JsonElement result) => result.GetProperty("status").GetString() switch
    {
        "accepted" => new(Receipt(result.GetProperty("receipt")), false),
        "duplicate" => new(Receipt(result.GetProperty("receipt")), true),
        _ => null,
    };

    private static Told Receipt(JsonElement receipt) =>
        new(receipt.GetProperty("version").GetInt64(), BalancesOf(receipt));

    private static Balances BalancesOf(JsonElement json) => new(
        json.GetProperty("available").GetInt64(), json.GetProperty("pending").GetInt64(),
        json.GetProperty("held").GetInt64());

    private static JournalEntry Entry(JsonElement item)
    {
        var entry = item.GetProperty("entry");
        var data = entry.GetProperty("data");
        var type = entry.GetProperty("type").GetString();
        InputKind? kind = null;
        foreach (var known in Enum.GetValues<InputKind>())
            if (WriteRequest.TypeOf(known) == type) kind = known;
        long? points = data.TryGetProperty("points", out var given) ? given.GetInt64()
            : data.TryGetProperty("amount_minor", out var amount) ? amount.GetInt64() / 100 : null;
        var refused = entry.GetProperty("effects").EnumerateArray()
            .Any(effect => effect.GetProperty("kind").GetString() == "refused");
        return new(
            item.GetProperty("position").GetInt64(), item.GetProperty("customer").GetString() ?? "",
            entry.GetProperty("seq").GetInt64(), entry.GetProperty("source").GetString()!,
            entry.GetProperty("id").GetString()!, kind, points, refused, BalancesOf(entry.GetProperty("after")));
    }
}
