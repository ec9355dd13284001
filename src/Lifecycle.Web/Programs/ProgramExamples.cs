using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lifecycle.Web.Programs;

/// <summary>A program that can be sent as it is, and what is answered.</summary>
internal static class ProgramExamples
{
    public const string Yaml =
        """
        program: tea-shop
        currency: EUR
        time_zone: Europe/Berlin
        stages:
          - name: Prospect
          - name: Buyer
            when: customer.orders >= 1
          - {name: AtRisk, silence: at_risk}
          - {name: Dormant, silence: dormant}
          - {name: Churned, silence: churned}
        points:
          name: Leaves
          pending: 14d
        earn:
          - name: base
            points: floor(event.amount_minor / 100)

        """;

    public const string Activation =
        """
        {"id":2,"version":2,"effective_at":"2026-12-01T00:00:00Z","scheduled_at":"2026-11-20T12:00:00Z",
        "status":"scheduled","origin":"api"}
        """;

    public const string Diff =
        """
        {"from":1,"to":2,"changes":[{"path":"points.pending","kind":"changed","before":"14d","after":"30d"}],
        "lines":["~ points.pending: 14d -> 30d"]}
        """;

    private const string First =
        """
        {"id":1,"version":1,"effective_at":null,"scheduled_at":"2026-11-01T00:00:00Z","status":"active",
        "origin":"start"}
        """;

    private static readonly string Document =
        $"\"{JsonEncodedText.Encode(Yaml, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    public static readonly string InJson = $$"""{"document":{{Document}}}""";

    public static readonly string Stored =
        $$"""
        {"version":2,"name":"tea-shop","stored_at":"2026-11-20T12:00:00Z","activations":[],"document":{{Document}}}
        """;

    public static readonly string Checked =
        $$"""{"version":null,"name":"tea-shop","stored_at":null,"activations":[],"document":{{Document}}}""";

    public static readonly string Read =
        $$"""
        {"version":1,"name":"tea-shop","stored_at":"2026-11-01T00:00:00Z","activations":[{{First}}],
        "document":{{Document}}}
        """;

    public static readonly string List =
        $$"""
        {"active":1,"document":{{Document}},"programs":[{"version":1,"effective_at":null,
        "stored_at":"2026-11-01T00:00:00Z","activations":[{{First}}]}],"scheduled":[],"sweep":{"done":4372,
        "total":4372,"started_at":"2026-11-01T00:00:00Z","finished_at":"2026-11-01T00:00:01Z"} }
        """;
}
