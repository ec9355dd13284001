using Lifecycle.Compliance;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Postgres.Tests;

/// <summary>What every host does, by one process over PostgreSQL.</summary>
public sealed class PostgresCustomersTests(PostgresCustomersTests.Shared shared, TestServer server)
    : CustomersCompliance, IClassFixture<PostgresCustomersTests.Shared>
{
    protected override async Task<CustomersHost> OpenAsync()
    {
        var engine = await shared.OpenAsync(server);
        return new(engine.Customers, engine.Secret, Running: null);
    }

    /// <summary>One engine for all of the tests, opened by the first: its database says what time it is.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private static readonly InstallationSecret Secret = new(new byte[InstallationSecret.Size]);

        private LifecycleEngine? _engine;

        public async Task<LifecycleEngine> OpenAsync(TestServer server)
        {
            if (_engine is not null) return _engine;
            var store = await TestServer.OpenAsync(server.NextSchema());
            _engine = await LifecycleEngine.OpenAsync(
                store, Secret, new EngineSettings(), new EngineOptions(), TimeProvider.System,
                NullLoggerFactory.Instance, CancellationToken.None);
            await _engine.StartAsync(CancellationToken.None);
            return _engine;
        }

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            if (_engine is not null) await _engine.DisposeAsync();
        }
    }
}
