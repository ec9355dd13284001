using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging.Abstractions;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Engine.Tests.Store;

public sealed class InstallationKeyFileTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-key-").FullName;
    private SqliteStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string KeyPath => Path.Combine(_folder, "installation.key");

    public async ValueTask InitializeAsync() =>
        _store = await SqliteStore.OpenAsync(new() { Folder = _folder }, TimeProvider.System, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_first_open_makes_a_secret_that_only_its_owner_reads_and_later_ones_use_it()
    {
        var first = await OpenAsync();
        Assert.Equal(32, new FileInfo(KeyPath).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal([KeyPath], Directory.GetFiles(_folder, "installation*"));
        Assert.Equal(first.CustomerKeyOf("ann"), (await OpenAsync()).CustomerKeyOf("ann"));
        Assert.Equal(first.CustomerKeyOf("ann"), InstallationKeyFile.Read(_folder).CustomerKeyOf("ann"));
    }

    [Fact]
    public async Task Processes_that_begin_at_once_use_one_secret()
    {
        var secrets = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(OpenAsync, Cancel)));
        Assert.Single(secrets.Select(s => s.CustomerKeyOf("ann")).Distinct());
        Assert.Equal([KeyPath], Directory.GetFiles(_folder, "installation*"));
    }

    [Fact]
    public async Task A_secret_that_others_can_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such modes there.");
        await OpenAsync();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("chmod 600", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_secret_of_a_journal_with_entries_is_not_replaced()
    {
        await OpenAsync();
        await _store!.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel);
        File.Delete(KeyPath);
        await AssertNotReplacedAsync();
    }

    [Fact]
    public async Task A_missing_secret_of_quarantined_bodies_is_not_replaced()
    {
        await _store!.Quarantine.AddAsync([new(Hash("1"), "shop", "r", "d", new byte[] { 1 }, Start)], Cancel);
        await AssertNotReplacedAsync();
    }

    [Fact]
    public async Task Of_a_store_that_was_begun_with_a_secret_no_other_one_is_taken_or_made()
    {
        await OpenAsync();
        var begun = await File.ReadAllBytesAsync(KeyPath, Cancel);
        await File.WriteAllBytesAsync(KeyPath, new byte[32], Cancel);
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("not the secret", failure.Message, StringComparison.Ordinal);
        File.Delete(KeyPath);
        await AssertNotReplacedAsync();
        await File.WriteAllBytesAsync(KeyPath, begun, Cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await OpenAsync();
    }

    [Fact]
    public async Task A_store_from_before_the_check_gets_it_when_its_customers_were_found()
    {
        var secret = new InstallationSecret(new byte[32]);
        var ann = secret.CustomerKeyOf("ann");
        await _store!.Journal.AppendAsync(
            new([Row("any", 1) with { Customer = ann }], [new(ann, "ann", Start)], []), Cancel);
        await File.WriteAllBytesAsync(KeyPath, [.. Enumerable.Repeat((byte)1, 32)], Cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Null(await _store.Registry.ReadSecretCheckAsync(Cancel));
        await File.WriteAllBytesAsync(KeyPath, new byte[32], Cancel);
        await OpenAsync();
        Assert.Equal(secret.Check, await _store.Registry.ReadSecretCheckAsync(Cancel));
    }

    [Fact]
    public async Task The_secret_of_another_installation_is_refused()
    {
        var secret = await OpenAsync();
        var ann = secret.CustomerKeyOf("ann");
        await _store!.Journal.AppendAsync(
            new([Row("any", 1) with { Customer = ann }], [new(ann, "ann", Start)], []), Cancel);
        await OpenAsync();
        await File.WriteAllBytesAsync(KeyPath, new byte[32], Cancel);
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("not the secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_secret_is_refused()
    {
        await OpenAsync();
        await File.WriteAllBytesAsync(KeyPath, new byte[7], Cancel);
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("7 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_secret_cannot_be_read() =>
        Assert.Contains(
            "cannot be read", Assert.Throws<StoreException>(() => InstallationKeyFile.Read(_folder)).Message,
            StringComparison.Ordinal);

    private Task<InstallationSecret> OpenAsync() => InstallationKeyFile.OpenAsync(_folder, _store!, Cancel);

    private async Task AssertNotReplacedAsync()
    {
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("Restore the file from the backup", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyPath));
    }
}
