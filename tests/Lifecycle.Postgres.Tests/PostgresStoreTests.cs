using Lifecycle.Compliance;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;

namespace Lifecycle.Postgres.Tests;

/// <summary>What every store does, by PostgreSQL.</summary>
public sealed class PostgresStoreTests(TestServer server) : StoreCompliance
{
    private PostgresOptions? _options;

    protected override async Task<IStore> OpenAsync() =>
        await TestServer.OpenAsync(_options ??= server.NextSchema());

    protected override Task DeleteAsync() => Task.CompletedTask;
}
