using Lifecycle.Compliance;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;

namespace Lifecycle.Postgres.Tests;

/// <summary>What every store does, by PostgreSQL.</summary>
public sealed class PostgresStoreTests(TestServer server) : StoreCompliance
{
    private string? _database;

    protected override async Task<IStore> OpenAsync()
    {
        _database ??= await server.CreateAsync();
        return await TestServer.OpenAsync(new() { ConnectionString = _database });
    }

    protected override Task DeleteAsync() => _database is null ? Task.CompletedTask : server.DropAsync(_database);
}
