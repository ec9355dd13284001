using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Lifecycle.Fuzz;

/// <summary>Makes the request of an index: the seed and the index alone decide what it is.</summary>
internal sealed class RequestMaker
{
    private const int HeaderBytesMax = 8_000;

    private static readonly string[] MediaTypes =
    [
        "application/json", "application/json; charset=utf-8", "application/x-ndjson", "text/plain",
        "application/cloudevents+json", "application/cloudevents-batch+json", "application/yaml", "text/csv", "",
        "application/json; charset=utf-16", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
        ";;;", "application/problem+json",
    ];

    private static readonly string[] Accepts =
        ["application/json", "text/csv", "text/event-stream", "application/x-ndjson", "*/*", "", "x", "text/html;q=0.1"];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "X"];

    private static readonly string[] Keys =
        ["Bearer none", "Bearer ", "Basic ZGV2OmRldg==", "bearer dev", "Bearer lk_000000000000_x", "", "Basic ZGV2Og=="];

    private readonly ulong _seed;
    private readonly Corpus _corpus;
    private readonly BodyMutator _mutator;
    private readonly ApiOperation[] _wheel;

    public RequestMaker(ApiDocument document, ulong seed, string? only)
    {
        _seed = seed;
        _corpus = new(document);
        _mutator = new(_corpus);
        _wheel =
        [
            .. document.Operations.Where(o => only is null || o.Name == only || o.Id == only)
                .SelectMany(o => Enumerable.Repeat(o, WeightOf(o))),
        ];
        if (_wheel.Length == 0) throw new ArgumentException($"No operation is called {only}.", nameof(only));
    }

    public FuzzRequest Make(long index)
    {
        var random = new Random(HashOf(_seed, (ulong)index));
        var operation = _wheel[random.Next(_wheel.Length)];
        var headers = new List<KeyValuePair<string, string>>();
        var method = random.Next(400) == 0 ? Methods[random.Next(Methods.Length)] : operation.Method;
        headers.Add(new("Authorization", random.Next(50) == 0 ? Keys[random.Next(Keys.Length)] : "Bearer dev"));
        var body = BodyOf(operation, headers, random);
        foreach (var parameter in operation.Parameters.Where(p => p.In == "header" && random.Next(4) == 0))
            Add(headers, parameter.Name, ValueOf(parameter, random));
        if (random.Next(20) == 0) Add(headers, "Accept", Accepts[random.Next(Accepts.Length)]);
        var target = PathOf(operation, random) + QueryOf(operation, random);
        var leaves = random.Next(500) == 0 || IsLong(operation, target, headers);
        return new(index, operation.Name, method, target, headers, body, random.Next(5) == 0, leaves);
    }

    /// <summary>
    /// What reads every customer is asked seldom: the run would do little else. What takes a body has most to go wrong.
    /// </summary>
    private static int WeightOf(ApiOperation operation) =>
        operation.Path.Contains("/admin/verify", StringComparison.Ordinal) ? 1
        : operation.Path.Contains("/admin/keys", StringComparison.Ordinal) ? 10
        : operation.Path.Contains("/reports/", StringComparison.Ordinal)
            || operation.Path.Contains("/scan", StringComparison.Ordinal) ? 4
        : operation.Bodies.Count > 0 ? 100
        : operation.Path.StartsWith("/v1", StringComparison.Ordinal) ? 40
        : 5;

    /// <summary>An answer that waits for what comes next has no end of its own.</summary>
    private static bool IsLong(
        ApiOperation operation, string target, List<KeyValuePair<string, string>> headers) =>
        operation.Parameters.Any(p => p.Name == "wait")
        && (target.Contains("wait=", StringComparison.Ordinal) || headers.Any(h => h.Value == "text/event-stream"));

    private byte[] BodyOf(ApiOperation operation, List<KeyValuePair<string, string>> headers, Random random)
    {
        if (operation.Bodies.Count == 0 && random.Next(20) > 0) return [];
        var own = operation.Bodies.Count == 0 ? null : operation.Bodies[random.Next(operation.Bodies.Count)];
        var body = own is null || random.Next(16) == 0
            ? _corpus.Bodies[random.Next(_corpus.Bodies.Length)]
            : Encoding.UTF8.GetBytes(own.Example);
        if (random.Next(3) > 0) body = BodyMutator.Freshen(body, random);
        if (random.Next(2) == 0) body = _mutator.Mutate(body, random);
        var mediaType = own is null || random.Next(25) == 0
            ? MediaTypes[random.Next(MediaTypes.Length)]
            : own.MediaType;
        Add(headers, "Content-Type", mediaType);
        if (random.Next(30) == 0) AddCloudEvent(headers, random);
        return random.Next(40) == 0 ? Code(body, headers, random) : body;
    }

    private static void AddCloudEvent(List<KeyValuePair<string, string>> headers, Random random)
    {
        foreach (var (name, value) in new[]
        {
            ("ce-specversion", "1.0"), ("ce-id", $"ce-{random.Next(100_000)}"), ("ce-source", "/shop"),
            ("ce-type", "order.placed"), ("ce-subject", "c-1"), ("ce-time", "2026-11-20T09:30:00Z"),
        })
        {
            if (random.Next(8) > 0) Add(headers, name, random.Next(6) == 0 ? TextOf(random) : value);
        }
    }

    private static byte[] Code(byte[] body, List<KeyValuePair<string, string>> headers, Random random)
    {
        Add(headers, "Content-Encoding", random.Next(4) switch { 0 => "br", 1 => "x", _ => "gzip" });
        if (random.Next(3) == 0) return body;
        using var coded = new MemoryStream();
        using (var zip = new GZipStream(coded, CompressionLevel.Fastest))
        {
            zip.Write(body);
            // A small body that becomes a large one, or one that is too large.
            if (random.Next(20) == 0) zip.Write(new byte[random.Next(4) == 0 ? 17 << 20 : 3 << 20]);
        }

        var bytes = coded.ToArray();
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static string PathOf(ApiOperation operation, Random random)
    {
        var path = operation.Path;
        foreach (var parameter in operation.Parameters.Where(p => p.In == "path"))
        {
            var value = random.Next(8) switch
            {
                0 => TextOf(random),
                1 => parameter.Example ?? "x",
                _ when parameter.Schema.TryGetProperty("enum", out var set) =>
                    set[random.Next(set.GetArrayLength())].GetString()!,
                _ when parameter.Name == "id" && operation.Path.StartsWith("/v1/customers/", StringComparison.Ordinal) =>
                    $"c-{random.Next(Corpus.Customers * 4 / 3)}",
                2 or 3 => random.Next(50).ToString(CultureInfo.InvariantCulture),
                _ => parameter.Example ?? "x",
            };
            path = path.Replace($"{{{parameter.Name}}}", Escape(value, random), StringComparison.Ordinal);
        }

        if (random.Next(300) == 0) path += Escape(TextOf(random), random);
        // A server refuses it before the application sees it.
        return path.Replace("%00", "%01", StringComparison.Ordinal);
    }

    private static string QueryOf(ApiOperation operation, Random random)
    {
        var query = new StringBuilder();
        foreach (var parameter in operation.Parameters.Where(p => p.In == "query"))
        {
            if (random.Next(10) > (parameter.Required ? 8 : 2)) continue;
            query.Append(query.Length == 0 ? '?' : '&').Append(parameter.Name);
            if (random.Next(40) > 0) query.Append('=').Append(Escape(ValueOf(parameter, random), random));
            if (random.Next(40) == 0) query.Append('&').Append(parameter.Name).Append('=').Append(Escape(TextOf(random), random));
        }

        if (random.Next(60) == 0) query.Append(query.Length == 0 ? '?' : '&').Append(Escape(TextOf(random), random));
        return query.ToString();
    }

    private static string ValueOf(ApiParameter parameter, Random random)
    {
        if (random.Next(6) == 0) return TextOf(random);
        if (parameter.Schema.TryGetProperty("enum", out var set)) return set[random.Next(set.GetArrayLength())].GetString()!;
        if (parameter.Schema.GetProperty("type").ValueEquals("integer"))
            return random.Next(-1, 300).ToString(CultureInfo.InvariantCulture);
        return parameter.Example ?? "x";
    }

    private static string TextOf(Random random) => Corpus.Texts[random.Next(Corpus.Texts.Length)];

    /// <summary>As a client would, and now and then not quite.</summary>
    private static string Escape(string text, Random random)
    {
        var escaped = Uri.EscapeDataString(text);
        return random.Next(30) switch
        {
            0 => escaped + "%",
            1 => "%ff%fe" + escaped,
            2 => escaped.Replace("%", "%25", StringComparison.Ordinal),
            _ => escaped,
        };
    }

    /// <summary>A server lets no control characters into a header, nor more than fits.</summary>
    private static void Add(List<KeyValuePair<string, string>> headers, string name, string value)
    {
        var text = new string([.. value.Where(c => c is >= ' ' and not '\u007f' && !char.IsSurrogate(c)).Take(HeaderBytesMax)]);
        headers.Add(new(name, text));
    }

    private static int HashOf(ulong seed, ulong index)
    {
        var mixed = (seed * 0x9E3779B97F4A7C15) ^ (index + 0x632BE59BD9B4E019);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)(mixed >> 33);
    }
}
