using System.Security.Cryptography;
using System.Text;
using Lifecycle.Postgres.Schema;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>Stores of earlier versions are taken up.</summary>
public sealed class MigrationTests(TestServer server) : DatabaseTests(server)
{
    [Fact]
    public void A_migration_that_stores_were_made_with_stays_as_it_was() => Assert.Equal(
        "2e32720aff0bc203",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PostgresSchema.Migrations[0](8))))[..16]);

    [Fact]
    public async Task A_store_from_before_clusters_is_upgraded_with_what_is_in_it()
    {
        await SqlAsync(
            $"""
            drop schema lifecycle cascade; create schema lifecycle;
            create table migrations (version integer primary key, applied_at timestamptz not null default now());
            {PostgresSchema.Migrations[0](3)}
            insert into migrations (version) values (1);
            insert into programs (version, document, stored_at) values (1, 'program: a', now());
            """);
        var store = await OwnAsync();
        Assert.Equal(PostgresSchema.Version, await SqlAsync("select max(version) from migrations"));
        Assert.Equal("program: a", Assert.Single(await store.Registry.ReadProgramsAsync(Cancel)).Document);
        Assert.Equal(1, (await store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
        Assert.Equal(20L, await SqlAsync("select count(*) from orleansquery"));
        await store.DisposeAsync();
        await OwnAsync();
        Assert.Equal(PostgresSchema.Version, await SqlAsync("select max(version) from migrations"));
    }
}
