namespace Lifecycle.Web.Quarantine;

internal static class QuarantineExamples
{
    public const string List =
        $$"""
        {"total":{"items":1,"times":3},"counts":[{"source":"shop","reason":"missing_customer","items":1,"times":3}],
        "days":[{"day":"2026-11-20","items":1,"times":3}],"items":[{{Waiting}}],"next_cursor":null}
        """;

    public const string One =
        $$"""
        {"item":{{Waiting}},"body":"{\"id\":\"e-1\",\"source\":\"shop\",\"type\":\"visit\"}",
        "event":{"id":"e-1","source":"shop","type":"visit"} }
        """;

    public const string Replay =
        """
        {"item":{"id":1,"source":"shop","reason":"missing_customer",
        "detail":"/customer is missing: an event belongs to a customer.","times":3,
        "received_at":"2026-11-20T09:30:00Z","historical":false,"format":"event","resolution":{"how":"replayed",
        "resolved_at":"2026-11-21T08:00:00Z","by":"4f1c09ab77de","reason":null,"note":null}},
        "result":{"index":0,"id":"e-1","customer":"c-1","status":"accepted","receipt":{"customer":"c-1","version":1,
        "status":"applied","effects":[],"available":0,"pending":0,"held":0,"stage":"Prospect","next_change_at":null}}}
        """;

    public const string Discarded =
        """
        {"id":1,"source":"shop","reason":"missing_customer",
        "detail":"/customer is missing: an event belongs to a customer.","times":3,
        "received_at":"2026-11-20T09:30:00Z","historical":false,"format":"event","resolution":{"how":"discarded",
        "resolved_at":"2026-11-21T08:00:00Z","by":"4f1c09ab77de","reason":"test_data","note":"the till's self test"}}
        """;

    public const string Settled = """{"resolved":998,"failed":2,"waiting":1202,"next_cursor":"MToxMDAwOjA"}""";

    public const string Reason = """{"reason":"test_data","note":"the till's self test"}""";

    private const string Waiting =
        """
        {"id":1,"source":"shop","reason":"missing_customer",
        "detail":"/customer is missing: an event belongs to a customer.","times":3,
        "received_at":"2026-11-20T09:30:00Z","historical":false,"format":"event","resolution":null}
        """;
}
