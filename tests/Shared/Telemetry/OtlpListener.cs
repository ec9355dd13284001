using System.Net;
using System.Net.Sockets;

namespace Lifecycle.Tests.Shared.Telemetry;

/// <summary>Takes what a process pushes by OTLP over HTTP, and keeps what of it a test asks for.</summary>
internal sealed class OtlpListener : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private readonly HttpListener _http = new();
    private readonly Task _loop;
    private readonly Lock _gate = new();
    private readonly List<OtlpSpan> _spans = [];
    private readonly HashSet<OtlpMetric> _metrics = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OtlpListener()
    {
        // A port that was free a moment ago; who takes it meanwhile makes the test fail, and not pass.
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _http.Prefixes.Add($"{Address}/");
        _http.Start();
        _loop = Task.Run(RunAsync);
    }

    public string Address { get; }

    /// <summary>The variables that make a process push here, and soon.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    public IReadOnlyList<OtlpSpan> Spans
    {
        get
        {
            lock (_gate) return [.. _spans];
        }
    }

    public IReadOnlyList<OtlpMetric> Metrics
    {
        get
        {
            lock (_gate) return [.. _metrics];
        }
    }

    /// <summary>Waits until what has come so far will do.</summary>
    public async Task UntilAsync(Func<OtlpListener, bool> isEnough, CancellationToken cancel)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        giveUp.CancelAfter(WaitMax);
        while (true)
        {
            Task next;
            lock (_gate) next = _next.Task;
            if (isEnough(this)) return;
            await next.WaitAsync(giveUp.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Stop();
        await _loop;
        _http.Close();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _http.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var isProtobuf = context.Request.ContentType == "application/x-protobuf";
        if (isProtobuf) Keep(context.Request.Url!.AbsolutePath, body.ToArray());
        context.Response.StatusCode = isProtobuf ? 200 : 415;
        context.Response.ContentType = "application/x-protobuf";
        context.Response.Close();
    }

    private void Keep(string path, byte[] body)
    {
        TaskCompletionSource reached;
        lock (_gate)
        {
            if (path == "/v1/traces") _spans.AddRange(OtlpSpan.Read(body));
            if (path == "/v1/metrics") _metrics.UnionWith(OtlpMetric.Read(body));
            (reached, _next) = (_next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        reached.SetResult();
    }
}
