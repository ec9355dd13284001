using Lifecycle.Postgres.Private;

namespace Lifecycle.Server.Tests;

/// <summary>A private PostgreSQL for one test; the test is skipped where none is installed.</summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    private readonly PrivateServer _server;
    private readonly string _folder;

    private DatabaseServer(PrivateServer server, string folder) => (_server, _folder) = (server, folder);

    public string ConnectionString => _server.ConnectionString;

    /// <summary>The options with which the server keeps its journal there.</summary>
    public string[] Options =>
        ["--Lifecycle:Store=postgres", $"--Lifecycle:Postgres:ConnectionString={ConnectionString}"];

    public static async Task<DatabaseServer> StartAsync()
    {
        Assert.SkipWhen(
            PostgresBinaries.Find() is null, "No PostgreSQL is installed here: initdb and postgres were not found.");
        // Not within another test's folder: started by root, PostgreSQL runs as a user who could not reach it there.
        var folder = Directory.CreateTempSubdirectory("lifecycle-database-").FullName;
        return new(
            await PrivateServer.StartAsync(
                new PrivateServerOptions { Folder = folder }, TestContext.Current.CancellationToken), folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
