using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;

namespace Lifecycle.Postgres.Tests;

/// <summary>Every process of a store has the same secret.</summary>
public sealed class SharedSecretTests(TestServer server) : DatabaseTests(server)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-secrets-").FullName;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_second_process_makes_no_secret_of_its_own_though_nothing_was_written_yet()
    {
        var (one, other) = (await ShareAsync(), await ShareAsync());
        await OpenAsync(one, "one");
        var failure = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(other, "other"));
        Assert.Contains("copy it from another process", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("other")));
        File.Copy(PathOf("one"), PathOf("other"));
        await OpenAsync(other, "other");
        await File.WriteAllBytesAsync(PathOf("other"), new byte[32], Cancel);
        failure = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(other, "other"));
        Assert.Contains("every process that uses the store", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_processes_that_begin_at_once_with_secrets_of_their_own_one_goes_on()
    {
        var begun = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            var store = await ShareAsync();
            var folder = $"{i}";
            begun.Add(Task.Run(() => OpenAsync(store, folder), Cancel));
        }

        await Assert.ThrowsAsync<StoreException>(() => Task.WhenAll(begun));
        _ = Assert.Single(begun, task => task.IsCompletedSuccessfully);
    }

    private string PathOf(string folder) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName, "installation.key");

    private Task<InstallationSecret> OpenAsync(PostgresStore store, string folder) =>
        InstallationKeyFile.OpenAsync(Path.Combine(_folder, folder), store, Cancel);
}
