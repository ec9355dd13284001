namespace Lifecycle.Web.Segment;

/// <summary>What the documentation shows.</summary>
internal static class SegmentExamples
{
    public const string Taken =
        """{"success":true,"accepted":1,"duplicates":0,"quarantined":0,"rejections":[]}""";

    public const string Rejected =
        """
        {"success":true,"accepted":1,"duplicates":0,"quarantined":1,"rejections":[{"index":1,"message_id":"m-8",
        "code":"missing_customer","message":"/userId is missing, and so is anonymousId."}]}
        """;

    public const string Batch =
        """
        {"batch":[{"type":"track","messageId":"m-7","userId":"c-1","timestamp":"2026-11-20T09:30:00Z",
        "event":"Product Viewed","properties":{"sku":"A","category":"tea"}},{"type":"page","messageId":"m-8",
        "name":"Home"}],"sentAt":"2026-11-20T09:30:01Z"}
        """;

    public const string Settings =
        """
        {"integrations":{"Segment.io":{"apiKey":"lk_4f1c09ab77de_Zm9v","apiHost":"localhost:5080/v1",
        "protocol":"http"}},"plan":{"track":{"__default":{"enabled":true,"integrations":{}}}},"edgeFunction":{},
        "middlewareSettings":{},"enabledMiddleware":{},"remotePlugins":[],"analyticsNextEnabled":true,
        "metrics":{"sampleRate":0}}
        """;

    public static string Of(SegmentCall call) => call switch
    {
        SegmentCall.Track =>
            """
            {"messageId":"m-1","userId":"c-1","event":"Order Completed","timestamp":"2026-11-20T09:30:00Z",
            "properties":{"order_id":"o-1","total":129.00,"currency":"EUR","products":[{"sku":"A","category":"tea",
            "quantity":2,"price":64.50}]},"sentAt":"2026-11-20T09:30:01Z"}
            """,
        SegmentCall.Identify =>
            """{"messageId":"m-2","userId":"c-1","anonymousId":"a-1","traits":{"country":"DE","plan":"free"}}""",
        SegmentCall.Group => """{"messageId":"m-3","userId":"c-1","groupId":"g-1","traits":{"name":"Acme"}}""",
        SegmentCall.Alias => """{"messageId":"m-4","userId":"c-1","previousId":"a-1"}""",
        SegmentCall.Page => """{"messageId":"m-5","userId":"c-1","name":"Home","properties":{"path":"/"}}""",
        _ => """{"messageId":"m-6","userId":"c-1","name":"Home","properties":{"tab":"offers"}}""",
    };
}
