using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Tests.Support;

/// <summary>The whole server on a free port, over a store in a folder of its own, with a clock of its own.</summary>
public sealed class Site : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly string _folder;

    private Site(WebApplication app, string folder, ManualClock clock)
    {
        (_app, _folder, Clock) = (app, folder, clock);
        Http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", "dev");
    }

    /// <summary>Holds the key <c>dev</c>.</summary>
    public HttpClient Http { get; }

    public ManualClock Clock { get; }

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Site> StartAsync(
        string environment = "Development", Action<IServiceCollection>? services = null,
        params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-web-").FullName;
        var clock = new ManualClock(Start);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)).Append(new("Lifecycle:Folder", folder)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddLifecycleEngine(builder.Configuration);
        builder.Services.AddLifecycleWeb(builder.Configuration);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapLifecycle();
        await app.StartAsync(Cancel);
        return new(app, folder, clock);
    }

    /// <summary>As at the signal to stop.</summary>
    public Task StopAsync()
    {
        _app.Lifetime.StopApplication();
        return _app.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Time passes, and the process keeps its lease meanwhile.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        var gate = Services.GetRequiredService<LifecycleEngine>().Gate;
        await gate.RenewAsync(Cancel);
        gate.ConfirmClock();
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), headers);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, Cancel);
        return new(response, await response.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Asks with the target as it is, which a client would tidy up; answers head and body.</summary>
    public Task<string> RawGetAsync(string target) => RawAsync(
        $"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev\r\nConnection: close\r\n\r\n");

    /// <summary>Sends the text as it is; answers head and body once the server closes.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Http.BaseAddress!.Host, Http.BaseAddress.Port, Cancel);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancel);
    }

    /// <summary>An order of the amount, an hour ago.</summary>
    public Task<Answer> OrderAsync(string customer, string id, long amountMinor = 12_900, string query = "") =>
        PostAsync($"/v1/events{query}", Sent.Order(customer, id, amountMinor));
}

/// <summary>A response with its body read.</summary>
public sealed class Answer(HttpResponseMessage response, string body)
{
    public int Status { get; } = (int)response.StatusCode;

    public HttpResponseHeaders Headers { get; } = response.Headers;

    public string Body { get; } = body;

    public string? MediaType { get; } = response.Content.Headers.ContentType?.MediaType;

    public string ETag => Headers.ETag!.ToString();

    public JsonElement Json { get; } =
        response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json"
            ? JsonDocument.Parse(body).RootElement
            : default;

    /// <summary>The problem's code; it is checked that the rest of the problem is as it should be.</summary>
    public string Problem
    {
        get
        {
            Assert.Equal("application/problem+json", MediaType);
            Assert.Equal(Status, Json.GetProperty("status").GetInt32());
            Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
            Assert.NotEmpty(Json.GetProperty("title").GetString()!);
            return Json.GetProperty("type").GetString()!["/problems/".Length..];
        }
    }

    public string? Text(string name) => Json.GetProperty(name).GetString();

    public long Number(string name) => Json.GetProperty(name).GetInt64();
}

public static class Sent
{
    public static string Order(string customer, string id, long amountMinor = 12_900) =>
        $$$"""
        {"id":"{{{id}}}","source":"shop","type":"order.placed","customer":"{{{customer}}}",
        "occurred_at":"2026-11-20T11:00:00Z","data":{"order_id":"o-{{{id}}}","currency":"EUR",
        "amount_minor":{{{amountMinor}}},"items":[{"sku":"A","category":"tea","quantity":2,
        "amount_minor":{{{amountMinor}}}}]}}
        """;

    public static string Visit(string customer, string id) =>
        $$"""{"id":"{{id}}","type":"visit","customer":"{{customer}}","occurred_at":"2026-11-20T11:00:00Z"}""";
}
