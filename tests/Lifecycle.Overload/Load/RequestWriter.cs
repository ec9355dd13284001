using System.Globalization;
using System.Text;

namespace Lifecycle.Overload.Load;

/// <summary>Writes the requests of a plan.</summary>
internal sealed class RequestWriter(LoadPlan plan)
{
    /// <summary>The id of a customer.</summary>
    public static string CustomerOf(int number) => string.Create(CultureInfo.InvariantCulture, $"c-{number}");

    /// <summary>The id of an event: what the journal is searched for.</summary>
    public static string EventIdOf(string prefix, string stream, long index) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}.{stream}.{index}");

    public byte[] Write(LoadStream stream, long index, int customer)
    {
        var id = CustomerOf(customer);
        if (stream.Kind == RequestKind.Status) return Encoding.ASCII.GetBytes($"GET /v1/customers/{id}/status "
            + $"{Head}\r\n");
        var at = DateTimeOffset.UtcNow;
        // Of the same instant for all: each is as old as the newest that is forgotten.
        if (stream.Kind == RequestKind.LateEvent) at = new(at.Date.AddDays(-1), TimeSpan.Zero);
        var time = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var body =
            $$"""
            {"id":"{{EventIdOf(plan.Prefix, stream.Name, index)}}","source":"load","type":"visit","customer":"{{id}}",
            "occurred_at":"{{time}}"}
            """;
        return Encoding.ASCII.GetBytes(
            $"POST /v1/events {Head}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private string Head =>
        $"HTTP/1.1\r\nHost: {plan.Address.Authority}\r\nAuthorization: Bearer {plan.Key}\r\n";
}
