using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Lifecycle.Benchmarks.Load;

/// <summary>
/// Small events of a shop: of ten, four views of a product, three visits and three orders of one to three lines; 270
/// bytes each on average. They are rendered once with places of fixed width, and each event sent is a copy with its
/// own id, customer, order and time written into them.
/// </summary>
internal static class EventMix
{
    private const string Id = "________________";
    private const string Customer = "c-_______";
    private const string Time = "____-__-__T__:__:__.___Z";
    private static readonly string[] Categories = ["tea", "coffee", "cups", "kettles", "gifts"];
    private static readonly string[] Channels = ["web", "app", "store"];

    // A hundred, so that values differ; chosen in turn.
    private static readonly Template[] Templates = [.. Enumerable.Range(0, 100).Select(Render)];

    // Ids of two runs never meet: each process begins somewhere else.
    private static long _lastId = Random.Shared.NextInt64(1L << 60);

    public static int BytesMax { get; } = Templates.Max(template => template.Bytes.Length);

    /// <summary>Mean size of an event in bytes.</summary>
    public static double BytesMean { get; } = Templates.Average(template => template.Bytes.Length);

    /// <summary>The id of a customer.</summary>
    public static string CustomerId(int customer) =>
        string.Create(CultureInfo.InvariantCulture, $"c-{customer:D7}");

    /// <summary>Writes one event with an id of its own; answers its length.</summary>
    public static int Write(Span<byte> target, int customer, ReadOnlySpan<byte> time)
    {
        var id = Interlocked.Increment(ref _lastId);
        // Not id modulo 100: ids are given to several threads in turn, and one of them would see orders alone.
        var scattered = (ulong)(id * 0x61C8864680B583EB) >> 32;
        var template = Templates[(int)(scattered * (ulong)Templates.Length >> 32)];
        template.Bytes.CopyTo(target);
        WriteHex(target[template.IdAt..], id);
        if (template.OrderAt > 0) WriteHex(target[template.OrderAt..], id);
        WriteDigits(target.Slice(template.CustomerAt + 2, Customer.Length - 2), customer);
        time.CopyTo(target[template.TimeAt..]);
        return template.Bytes.Length;
    }

    /// <summary>Now, as events name it.</summary>
    public static byte[] TimeNow() => Encoding.ASCII.GetBytes(
        DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    private static void WriteHex(Span<byte> target, long value)
    {
        Utf8Formatter.TryFormat(value, target, out _, new StandardFormat('x', (byte)Id.Length));
    }

    private static void WriteDigits(Span<byte> target, int value)
    {
        for (var i = target.Length - 1; i >= 0; i--, value /= 10) target[i] = (byte)('0' + value % 10);
    }

    private static Template Render(int index)
    {
        var category = Categories[index % Categories.Length];
        var channel = Channels[index % Channels.Length];
        var (source, type, data) = (index % 10) switch
        {
            < 4 => ("web", "product.viewed",
                $$"""{"sku":"sku-{{index:D5}}","category":"{{category}}","dwell_seconds":{{index % 40}}.5,""" +
                $$"""
                "section":"offers","channel":"{{channel}}"}
                """),
            < 7 => ("web", "visit",
                $$"""{"channel":"{{channel}}","page":"/shop/{{category}}/page-{{index:D3}}?sort=popular",""" +
                $$"""
                "section":"{{category}}"}
                """),
            _ => ("shop", "order.placed", Order(index, category, channel)),
        };
        var text =
            $$"""{"id":"e-{{Id}}","source":"{{source}}","type":"{{type}}","customer":"{{Customer}}",""" +
            $$"""
            "occurred_at":"{{Time}}","data":{{data}}}
            """;
        return new(
            Encoding.ASCII.GetBytes(text), text.IndexOf(Id, StringComparison.Ordinal),
            text.IndexOf(Customer, StringComparison.Ordinal), text.IndexOf(Time, StringComparison.Ordinal),
            text.IndexOf("o-" + Id, StringComparison.Ordinal) + 2 is > 1 and var order ? order : 0);
    }

    private static string Order(int index, string category, string channel)
    {
        var (count, amount) = (1 + index / 10 % 3, 990 + index * 37);
        var items = Enumerable.Range(index * 7, count).Select(
            sku => $$"""{"sku":"sku-{{sku:D5}}","category":"{{category}}","quantity":2,"amount_minor":{{amount}}}""");
        return $$"""{"order_id":"o-{{Id}}","currency":"EUR","amount_minor":{{count * amount}},"channel":"{{channel}}",""" +
            $$"""
            "items":[{{string.Join(',', items)}}]}
            """;
    }

    /// <param name="OrderAt">0 for an event without an order.</param>
    private sealed record Template(byte[] Bytes, int IdAt, int CustomerAt, int TimeAt, int OrderAt);
}
