using System.Globalization;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Fuzz;
using Lifecycle.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Overload.Site;

/// <summary>The whole program on a real socket in this process, over a real store that is slow.</summary>
internal sealed class OverloadSite : IAsyncDisposable
{
    public const string Key = "dev";

    private readonly WebApplication _app;

    private OverloadSite(WebApplication app, FaultLog faults) => (_app, Faults) = (app, faults);

    /// <summary>What the program logged as an error: overload is none.</summary>
    public FaultLog Faults { get; }

    public Uri Address => new(_app.Urls.First());

    public IJournal Journal => _app.Services.GetRequiredService<IStore>().Journal;

    public WebOptions Limits => _app.Services.GetRequiredService<IOptions<WebOptions>>().Value;

    public static async Task<OverloadSite> StartAsync(
        string folder, Slowness slowness, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Lifecycle:Folder", Path.Combine(folder, "data")),
            // One key sends all of the load: its own limit is not the question.
            new("Lifecycle:Web:RequestsPerSecondMax", 1_000_000.ToString(CultureInfo.InvariantCulture)),
            .. settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)),
        ]);
        var faults = new FaultLog();
        builder.Logging.ClearProviders().AddProvider(faults).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLifecycleEngine(builder.Configuration);
        builder.Services.AddLifecycleWeb(builder.Configuration);
        builder.Services.RemoveAll<IStoreOpener>();
        builder.Services.AddSingleton<IStoreOpener>(new SlowOpener(slowness));
        var app = builder.Build();
        app.MapLifecycle();
        await app.StartAsync();
        return new(app, faults);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
