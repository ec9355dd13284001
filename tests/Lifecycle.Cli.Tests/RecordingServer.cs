using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Cli.Tests;

/// <summary>One request as the server saw it.</summary>
internal sealed record SeenRequest(string Method, string Target, string Authorization, byte[] Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);
}

/// <summary>A real HTTP server on a free port that records what it is sent and answers as a test says.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();

    private RecordingServer(WebApplication app) => _app = app;

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    public string Url => _app.Urls.Single();

    /// <param name="answer">Given the request and its number from 1.</param>
    public static async Task<RecordingServer> StartAsync(Func<HttpContext, SeenRequest, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new RecordingServer(app);
        var count = 0;
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var seen = new SeenRequest(
                context.Request.Method, context.Request.Path + context.Request.QueryString,
                context.Request.Headers.Authorization.ToString(), body.ToArray());
            server._seen.Enqueue(seen);
            await answer(context, seen, Interlocked.Increment(ref count));
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers every request with the same JSON.</summary>
    public static Task<RecordingServer> StartAsync(int status, string json) =>
        StartAsync((context, _, _) => AnswerAsync(context, status, json));

    public static Task AnswerAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        return context.Response.WriteAsync(json);
    }

    /// <summary>Takes events as the real one does: those without a customer go to quarantine.</summary>
    public static Task TakeEventsAsync(HttpContext context, SeenRequest request, HashSet<string> known)
    {
        var (accepted, duplicates) = (0, 0);
        var results = new List<object>();
        foreach (var item in request.Json.EnumerateArray())
        {
            var id = item.GetProperty("id").GetString()!;
            if (!item.TryGetProperty("customer", out _))
            {
                var problem = new { type = "/problems/missing_customer", detail = "The event names no customer." };
                results.Add(new { id, customer = (string?)null, status = "quarantined", problem });
                continue;
            }
            lock (known)
            {
                if (known.Add(id)) accepted++;
                else duplicates++;
            }
        }
        var answer = new { accepted, duplicates, quarantined = results.Count, results };
        return AnswerAsync(context, StatusCodes.Status200OK, JsonSerializer.Serialize(answer));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
