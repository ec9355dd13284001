namespace Lifecycle.Web.CloudEvents;

internal static class CloudEventExamples
{
    public const string One =
        """
        {"specversion":"1.0","id":"e-1","source":"/shop/berlin","type":"order.placed","subject":"c-1",
        "time":"2026-11-20T09:30:00Z","datacontenttype":"application/json",
        "data":{"order_id":"o-1","currency":"EUR","amount_minor":12900}}
        """;
}
