using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Compliance;

/// <summary>
/// The simplest host: one process over the embedded store, by the machine's clock. What it answers is what every other
/// host must answer.
/// </summary>
internal sealed class EmbeddedHost(LifecycleEngine engine, string folder) : IAsyncDisposable
{
    public static async Task<CustomersHost> OpenAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-host-").FullName;
        var engine = await LifecycleEngine.OpenAsync(
            new SqliteOpener(), new EngineSettings { Folder = folder }, new EngineOptions(), TimeProvider.System,
            NullLoggerFactory.Instance, cancel);
        await engine.StartAsync(cancel);
        return new(engine.Customers, engine.Secret, new EmbeddedHost(engine, folder));
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
