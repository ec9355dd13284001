using System.Globalization;
using System.Text;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Fuzz;

/// <summary>The whole program over a store in a folder of its own; with a socket where one is asked for.</summary>
internal sealed class FuzzSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly InProcessServer? _server;
    private readonly string _folder;

    private FuzzSite(WebApplication app, InProcessServer? server, string folder, FaultLog faults) =>
        (_app, _server, _folder, Faults) = (app, server, folder, faults);

    /// <summary>What the program logged as an error: there is nothing here that should fail.</summary>
    public FaultLog Faults { get; }

    public Uri Address => new(_app.Urls.First());

    public static async Task<FuzzSite> StartAsync(
        bool socket = false, Action<IServiceCollection>? services = null)
    {
        // In memory where there is such a folder: what a disk does is not the question here.
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Directory.CreateDirectory(
            Path.Combine(root, $"lifecycle-fuzz-{Environment.ProcessId}-{Guid.NewGuid():N}")).FullName;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Nobody changes the settings meanwhile: no site needs somebody who watches their files.
            EnvironmentName = "Development", Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Lifecycle:Folder"] = folder,
            ["Lifecycle:Web:RequestsPerSecondMax"] = 1_000_000.ToString(CultureInfo.InvariantCulture),
            ["Lifecycle:Engine:ResidentMax"] = 1_000.ToString(CultureInfo.InvariantCulture),
        });
        var faults = new FaultLog();
        builder.Logging.ClearProviders().AddProvider(faults).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddLifecycleEngine(builder.Configuration);
        builder.Services.AddLifecycleWeb(builder.Configuration);
        var server = socket ? null : new InProcessServer();
        if (server is null) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else builder.Services.AddSingleton<IServer>(server);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapLifecycle();
        await app.StartAsync();
        return new(app, server, folder, faults);
    }

    public Task<FuzzAnswer> SendAsync(FuzzRequest request, CancellationToken left = default) =>
        _server!.SendAsync(request, left);

    public async Task<ApiDocument> ReadDocumentAsync()
    {
        var answer = await SendAsync(Make("GET", "/openapi/v1.json"));
        return HiddenRoutes.AddTo(ApiDocument.Parse(answer.Body), _app.Services.GetRequiredService<EndpointDataSource>());
    }

    /// <summary>Customers with a history and points, so that most requests find something.</summary>
    public async Task PrepareAsync()
    {
        for (var i = 0; i < Corpus.Customers; i++)
        {
            var order = string.Create(
                CultureInfo.InvariantCulture,
                $$$"""
                {"id":"prepared-{{{i}}}","type":"order.placed","customer":"c-{{{i}}}","data":{"order_id":"o-{{{i}}}",
                "currency":"EUR","amount_minor":12900,"items":[{"sku":"A","quantity":1,"amount_minor":12900}]}}
                """);
            await ExpectAsync(Make("POST", "/v1/events", order));
            await ExpectAsync(Make(
                "POST", $"/v1/customers/c-{i}/points/adjust", """{"points":1000000,"reason":"goodwill"}"""));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public long StoredBytes() => new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    private static FuzzRequest Make(string method, string target, string body = "") => new(
        -1, "", method, target,
        [new("Authorization", "Bearer dev"), new("Content-Type", "application/json")], Encoding.UTF8.GetBytes(body));

    private async Task ExpectAsync(FuzzRequest request)
    {
        var answer = await SendAsync(request);
        if (answer.Status is < 200 or > 299)
            throw new InvalidOperationException($"{request.Target}: {Encoding.UTF8.GetString(answer.Body)}");
    }
}
