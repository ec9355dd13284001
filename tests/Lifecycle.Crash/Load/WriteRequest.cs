using System.Globalization;
using System.Text;
using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>A request that writes: the same bytes each time it is sent.</summary>
/// <param name="Path">With its query.</param>
/// <param name="Body">JSON.</param>
/// <param name="Key">The idempotency key of a command; null for events.</param>
internal sealed record WriteRequest(IReadOnlyList<SentInput> Inputs, string Path, string Body, string? Key)
{
    public static WriteRequest OfEvents(IReadOnlyList<SentInput> inputs, DateTime now)
    {
        var at = now.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var body = new StringBuilder("[");
        foreach (var input in inputs)
        {
            if (body.Length > 1) body.Append(',');
            var data = input.Kind == InputKind.Visit
                ? "{}"
                : $$"""{"order_id":"{{input.Order}}","amount_minor":{{Text(input.Points * 100)}}}""";
            body.Append(
                $$"""
                {"id":"{{input.Key.Id}}","source":"{{input.Key.Source}}","type":"{{TypeOf(input.Kind)}}",
                "customer":"{{input.Key.Customer}}","occurred_at":"{{at}}","data":{{data}}}
                """);
        }

        return new(inputs, "/v1/events?results=all", body.Append(']').ToString(), null);
    }

    public static WriteRequest OfCommand(SentInput input)
    {
        var (name, reason) = input.Kind == InputKind.Redeem ? ("redeem", "") : ("adjust", ""","reason":"crash" """);
        return new(
            [input], $"/v1/customers/{input.Key.Customer}/points/{name}",
            $$"""{"points":{{Text(input.Points)}}{{reason}}}""", input.Key.Id);
    }

    public static string TypeOf(InputKind kind) => kind switch
    {
        InputKind.Order => "order.placed",
        InputKind.Return => "order.returned",
        InputKind.Visit => "visit",
        InputKind.Redeem => "points.redeem",
        _ => "points.adjust",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
