using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Cli.Tests.Commands;

public sealed class VerifyStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_empty_journal_is_whole()
    {
        await using (await OpenAsync())
        {
        }

        var run = await CommandRun.OfAsync("verify", "--store", _folder);

        Assert.Equal((0, "0 entries of 0 customers, 0 violations"), (run.ExitCode, run.Out.Trim()));
    }

    [Fact]
    public async Task A_damaged_entry_is_named_beside_a_running_server()
    {
        await using var store = await OpenAsync();
        var customer = new CustomerKey(new Hash16(1, 2));
        var row = new JournalRow(
            customer, 1, null, new Instant(1), new Instant(1), new Instant(1), Hash16.Zero, new Hash16(9, 9), new byte[] { 1 });
        await store.Journal.AppendAsync(
            new JournalBatch([row], [new NewCustomer(customer, "c-1", new Instant(1))], []),
            TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync("verify", "--store", _folder, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, run.Json.GetProperty("entries").GetInt32());
        var violation = run.Json.GetProperty("violations").EnumerateArray()
            .Single(item => item.GetProperty("code").GetString() == "chain");
        Assert.Equal("c-1", violation.GetProperty("customer").GetString());
        Assert.Equal(1, violation.GetProperty("seq").GetInt32());
    }

    [Fact]
    public async Task A_folder_without_a_journal_is_a_failure()
    {
        var run = await CommandRun.OfAsync("verify", "--store", _folder);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no journal", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=d;Username=u", "PostgreSQL d at 127.0.0.1:1")]
    [InlineData("", "ConnectionString")]
    public async Task A_database_that_cannot_be_used_is_a_failure(string connection, string hint)
    {
        var run = await CommandRun.OfAsync("verify", "--postgres", connection);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_store_is_verified_at_a_time()
    {
        var run = await CommandRun.OfAsync("verify", "--store", _folder, "--postgres", "Host=h");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("exclude each other", run.Error, StringComparison.Ordinal);
    }

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(
        new SqliteOptions { Folder = _folder }, TimeProvider.System, NullLogger.Instance);
}
