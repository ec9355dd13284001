using System.Text;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Fuzz;

/// <summary>What mutations start from, beside the examples of the document, and what they put in.</summary>
internal sealed class Corpus
{
    /// <summary>Customers that have a history.</summary>
    public const int Customers = 20;

    private const string Program =
        """
        program: fuzz
        currency: EUR
        time_zone: Europe/Berlin
        stages:
          - {name: New, when: "customer.orders == 1"}
          - {name: Loyal, when: "customer.orders_365d >= 6", dwell: 30d}
        points: {name: Stars, value_minor: 1, pending: 14d, expiry: {rolling: 12 months, round: month}}
        earn:
          - {name: base, points: "floor(event.amount_minor / 100)"}
          - {name: tea-double, if: "event.category == 'tea'", multiply: 2}

        """;

    private static readonly string[] Messages =
    [
        """{"type":"track","messageId":"m-1","userId":"c-1","event":"Order Completed","timestamp":"2026-11-20T09:30:00.000Z","properties":{"order_id":"50314b8e","total":27.5,"currency":"EUR","products":[{"sku":"G-32","quantity":2,"price":13.75,"category":"Games"}]},"context":{"library":{"name":"analytics-node","version":"2.1.0"}}}""",
        """{"type":"identify","messageId":"m-2","userId":"c-1","anonymousId":"a-1","traits":{"email":"a@example.org","name":"Ann"}}""",
        """{"batch":[{"type":"page","messageId":"m-3","anonymousId":"a-1","name":"Home"},{"type":"alias","messageId":"m-4","previousId":"a-1","userId":"c-2"}],"sentAt":"2026-11-20T09:30:00.000Z","writeKey":"dev"}""",
        """{"specversion":"1.0","id":"ce-1","source":"/shop","type":"order.placed","subject":"c-1","time":"2026-11-20T09:30:00Z","datacontenttype":"application/json","data":{"order_id":"o-9","amount_minor":100}}""",
        """[{"specversion":"1.0","id":"ce-2","source":"/shop","type":"visit","subject":"c-1","data_base64":"e30="}]""",
        """{"inputs":[{"id":"w-1","type":"order.placed","customer":"c-1","data":{"amount_minor":5000}}],"at":"2027-01-01T00:00:00Z"}""",
        """{"points":100,"reference":"voucher-1","note":"at the till"}""",
        """{"points":-50,"reason":"goodwill"}""",
        """{"name":"till","roles":["ingest","member"]}""",
        """{"from":"c-2"}""", """{"alias":"c-3"}""", """{"version":1,"effective_at":"2026-12-01T00:00:00Z"}""",
        "id,customer,amount\r\n1,c-1,\"12,50\"\r\n", "", "{}", "[]", "null", "\"\"", "0",
    ];

    /// <summary>Put in the place of a value of JSON.</summary>
    public static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-0", "-1", "1", "1e999", "-1e999", "1e-999", "1E400", "0.1", "1.0", "1e2",
            "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1000000000000", "1000000000001",
            "99999999999999999999999999999999999999", "0.00000000000000000000000000000000000001", "NaN", "Infinity",
            "-Infinity", "00", "01", "1.", ".5", "+1", "0x10", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"",
            "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\u202e\u0000\"", "\"\ufeff\"", "\"e\u0301\"", "\"客户\"", "\"\\n\\r\\t\"",
            "\"'; drop table journal; --\"", "\"c-1\"", "\"c-2\"", "\"C-1\"", "\"EUR\"", "\"eur\"", "\"XXX\"",
            "\"order.placed\"", "\"order.returned\"", "\"tick\"", "\"points.redeem\"", "\"visit\"", "\"survey.answered\"",
            "\"2026-11-20T09:30:00Z\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:60Z\"", "\"2026-02-30T00:00:00Z\"",
            "\"1969-12-31T23:59:59Z\"", "\"2026-11-20T09:30:00+24:00\"", "\"2026-11-20\"", "\"now\"", "{}", "[]",
            "[[]]", "[null]", "[{}]", "{\"\":0}", "{\"a\":{\"a\":{}}}", "{\"id\":1,\"id\":2}", "{\"$type\":\"x\"}",
            "{\"__proto__\":{}}", "[1,", "{\"a\":", "\"", "\\", "//", "/*", "'a'",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
        Text("\"", 'a', 129, "\""), Text("\"", 'a', 257, "\""), Text("\"", '漢', 4_000, "\""), Text("", '9', 400, ""),
        Text("", '[', 70, ""), Text("", '[', 5_000, ""), [.. Text("", '[', 63, "1"), .. Text("", ']', 63, "")],
    ];

    /// <summary>Texts that something somewhere takes.</summary>
    public static readonly byte[][] Plausible =
    [
        .. new[]
        {
            "c-1", "c-2", "c-3", "c-24", "o-1", "o-2", "e-1", "prepared-1", "EUR", "USD", "order.placed", "order.returned",
            "order.cancelled", "visit", "signup", "survey.answered", "Order Completed", "Order Refunded", "track", "identify",
            "page", "alias", "screen", "group", "points.redeem", "points.adjust", "goodwill", "tea", "2026-11-20T09:30:00Z",
            "2026-01-01T00:00:00Z", "2025-06-30T23:59:59.999+02:00", "2027-01-01T00:00:00Z", "2026-11-21",
        }.Select(text => Encoding.UTF8.GetBytes($"\"{text}\"")),
    ];

    /// <summary>Values of paths, queries and headers, as they are before escaping.</summary>
    public static readonly string[] Texts =
    [
        "", " ", "c-1", "c-2", "c-19", "nobody", ".", "..", "/", "a/b", "%2F", "%", "a?b", "a#b", "a&b=c", "\0", "\u0001",
        "\n", "\t", "客户", "😀", "\ud800", "é", "e\u0301", "\u202e", "'", "\"", "*", "W/\"1.a\"", "\"1.abc\"", "\"999.abc\"",
        "\"\"", "0", "1", "-1", "200", "201", "9223372036854775807", "9223372036854775808", "1e3", "true", "TRUE", "none",
        "2026-11-20T09:30:00Z", "2026-11-20T09:30:00+02:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "MToxMTow", "MTo5MjIzMzcyMDM2ODU0Nzc1ODA3OjA", "MTowOjA", "====",
        "points.available", "points.pending", "stage", "metrics.windows.365d.spend_minor", "metrics.windows.x.orders",
        "customer.orders > 1", "((((((((((", "id,stage", new('a', 128), new('a', 129), new('x', 5_000),
    ];

    public Corpus(ApiDocument document) => Bodies =
    [
        .. document.Operations.SelectMany(o => o.Bodies).Select(b => Encoding.UTF8.GetBytes(b.Example)),
        .. EventSchema.Types.Select(type => Encoding.UTF8.GetBytes(EventOf(type.Key, [.. type.Value]))),
        .. Messages.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(Program),
    ];

    public byte[][] Bodies { get; }

    private static string EventOf(string type, IReadOnlyList<Field> fields)
    {
        var data = string.Join(',', fields.Select(f => $"\"{f.Name}\":{ValueOf(f)}"));
        return $$$"""{"id":"e-1","source":"shop","type":"{{{type}}}","customer":"c-1","data":{ {{{data}}} }}""";
    }

    private static string ValueOf(Field field) => field.Kind switch
    {
        FieldKind.Integer => "100",
        FieldKind.Number => "4.5",
        FieldKind.Boolean => "true",
        FieldKind.Time => "\"2026-12-20T09:30:00Z\"",
        FieldKind.Json => """{"vip":true}""",
        _ => field.Name == "currency" ? "\"EUR\"" : field.Name == "kind" ? "\"nps\"" : "\"x-1\"",
    };

    private static byte[] Text(string before, char repeated, int times, string after) =>
        Encoding.UTF8.GetBytes(before + new string(repeated, times) + after);
}
