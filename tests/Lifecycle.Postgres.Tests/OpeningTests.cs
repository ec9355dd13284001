using System.ComponentModel.DataAnnotations;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Private;
using Lifecycle.Postgres.Schema;
using Lifecycle.Postgres.Tests.Support;
using Npgsql;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>What a start refuses, and how it says so.</summary>
public sealed class OpeningTests(TestServer server) : DatabaseTests(server)
{
    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_server_that_may_lose_what_it_acknowledged_is_refused_by_the_name_of_the_setting(string setting)
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || PostgresBinaries.Find() is null, "No PostgreSQL is installed here.");
        var folder = Directory.CreateTempSubdirectory("lifecycle-unsafe-").FullName;
        var options = new PrivateServerOptions { Folder = folder, SharedBuffersMegabytes = 16, WalMegabytesMax = 64 };
        options.Settings[setting] = "off";
        await using (var unsafeServer = await PrivateServer.StartAsync(options, Cancel))
        {
            var failure = await Assert.ThrowsAsync<StoreException>(
                () => TestServer.OpenAsync(new() { ConnectionString = unsafeServer.ConnectionString }));
            Assert.Contains($"{setting} = off", failure.Message, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_journal_waits_for_the_disk_also_where_the_database_does_not()
    {
        await SqlAsync($"alter database {Name} set synchronous_commit = off");
        await using var connections = new PostgresConnections(Options(null, exclusive: true));
        await using (var journal = await connections.Journal.OpenConnectionAsync(Cancel))
            Assert.Equal("on", await ShowAsync(journal));
        await using (var projection = await connections.Projection.OpenConnectionAsync(Cancel))
            Assert.Equal("off", await ShowAsync(projection));
        await OwnAsync();
    }

    [Fact]
    public async Task A_stronger_wait_than_that_is_kept()
    {
        await SqlAsync($"alter database {Name} set synchronous_commit = remote_apply");
        await using var connections = new PostgresConnections(Options(null, exclusive: true));
        await using var journal = await connections.Journal.OpenConnectionAsync(Cancel);
        Assert.Equal("remote_apply", await ShowAsync(journal));
    }

    [Theory]
    [InlineData("off")]
    [InlineData("local")]
    [InlineData("remote_write")]
    public void A_connection_that_would_not_wait_for_the_disk_is_refused(string value) => Assert.Contains(
        $"synchronous_commit must be on for the journal but reads back as {value}",
        Assert.Throws<StoreException>(() => Sessions.CheckDurable(value)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await SqlAsync($"insert into migrations (version) values ({PostgresSchema.Version + 1})");
        var failure = await Assert.ThrowsAsync<StoreException>(() => OwnAsync());
        Assert.Contains("newer than this program", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_another_program_is_refused_and_left_as_it_is()
    {
        await SqlAsync("create schema other; create table other.songs (title text)");
        var options = Options(null, exclusive: true);
        options.Schema = "other";
        var failure = await Assert.ThrowsAsync<StoreException>(() => TestServer.OpenAsync(options));
        Assert.Contains("another program", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await SqlAsync("select count(*) from pg_tables where schemaname = 'other'"));
    }

    [Fact]
    public async Task Two_schemas_of_a_database_are_two_stores()
    {
        var options = Options(null, exclusive: true);
        options.Schema = "second";
        await using var second = await TestServer.OpenAsync(options);
        var first = await OwnAsync();
        await second.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel);
        Assert.Equal(0, await first.Journal.ReadHeadAsync(Cancel));
        Assert.Equal(1, (await first.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        var name = Name + "_latin";
        await SqlAsync($"create database {name} encoding 'LATIN1' template template0 locale 'C'");
        var latin = new NpgsqlConnectionStringBuilder(Database) { Database = name }.ConnectionString;
        var failure = await Assert.ThrowsAsync<StoreException>(() => OwnAsync(latin));
        Assert.Contains("LATIN1", failure.Message, StringComparison.Ordinal);
        await Server.DropAsync(latin);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_reported_without_the_password()
    {
        var nowhere = new NpgsqlConnectionStringBuilder(Database) { Port = 1, Password = "hush" }.ConnectionString;
        var failure = await Assert.ThrowsAsync<StoreException>(() => OwnAsync(nowhere));
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_a_missing_database_say_what_to_do()
    {
        var given = new NpgsqlConnectionStringBuilder(Database);
        var wrong = new NpgsqlConnectionStringBuilder(Database) { Password = "wrong" }.ConnectionString;
        Assert.SkipWhen(given.Password is null, "This server asks for no password.");
        Assert.Contains(
            "password is wrong", (await Assert.ThrowsAsync<StoreException>(() => OwnAsync(wrong))).Message,
            StringComparison.Ordinal);
        var missing = new NpgsqlConnectionStringBuilder(Database) { Database = "nowhere" }.ConnectionString;
        Assert.Contains(
            "create database", (await Assert.ThrowsAsync<StoreException>(() => OwnAsync(missing))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(PostgresOptions.Schema), "Lifecycle; drop schema public")]
    [InlineData(nameof(PostgresOptions.ConnectionString), "Host=here;Colour=blue")]
    [InlineData(nameof(PostgresOptions.ConnectionString), "Host=here")]
    [InlineData(nameof(PostgresOptions.ConnectionString), "")]
    [InlineData(nameof(PostgresOptions.Lanes), 0)]
    [InlineData(nameof(PostgresOptions.Partitions), 257)]
    public async Task An_option_that_cannot_be_is_named(string option, object value)
    {
        var options = new PostgresOptions { ConnectionString = "Host=here;Database=there" };
        typeof(PostgresOptions).GetProperty(option)!.SetValue(options, value);
        Assert.Contains(
            option, (await Assert.ThrowsAsync<ValidationException>(() => TestServer.OpenAsync(options))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_journal_has_as_many_partitions_as_it_was_made_with(int partitions)
    {
        var options = Options(null, exclusive: true);
        (options.Schema, options.Partitions) = ("other", partitions);
        await (await TestServer.OpenAsync(options)).DisposeAsync();
        options.Partitions = 7;
        await using var store = await TestServer.OpenAsync(options);
        await store.Journal.AppendAsync(Batch(Enumerable.Range(0, 20).Select(c => Row($"c{c}", 1))), Cancel);
        Assert.Equal(20, (await ReadWholeAsync(store)).Count);
        Assert.Equal(
            (long)partitions,
            await SqlAsync("select count(*) from pg_inherits where inhparent = 'other.journal'::regclass"));
    }

    private string Name => new NpgsqlConnectionStringBuilder(Database).Database!;

    private static async Task<object?> ShowAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("show synchronous_commit", connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
