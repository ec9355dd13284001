using Lifecycle.Tests.Shared;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>
/// A server as its user starts it, in Production, with a real key. Only the requests a second that one key may send are
/// raised.
/// </summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private static readonly string[] KeyRoles = ["ingest", "member", "analyst"];

    private readonly LaunchedServer _server;

    private ServerUnderTest(LaunchedServer server) => _server = server;

    public int ProcessId => _server.ProcessId;

    public Uri Address => _server.Address;

    /// <summary>A key with every role that the benchmarks need.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Starts the server and waits until it listens.</summary>
    /// <param name="key">A key that its store knows already; null to have one made.</param>
    public static Task<ServerUnderTest> StartAsync(
        IEnumerable<string> store, string? key, CancellationToken cancel) =>
        StartAsync([LaunchedServer.Program], store, key, cancel);

    /// <summary>The same with another program than the server.</summary>
    /// <param name="program">The arguments of <c>dotnet</c> that name it.</param>
    public static async Task<ServerUnderTest> StartAsync(
        IEnumerable<string> program, IEnumerable<string> store, string? key, CancellationToken cancel)
    {
        var server = new ServerUnderTest(new(
            ["dotnet", .. program],
            [
                "--Lifecycle:Web:RequestsPerSecondMax=1000000",
                // Nobody else sends it anything: a stop need not wait for others to notice.
                "--Lifecycle:Web:DrainTime=00:00:00", .. store,
            ],
            new Dictionary<string, string> { [LaunchedServer.Stage] = "Production" })
        {
            StartMax = TimeSpan.FromMinutes(5),
        });
        server._server.Begin();
        try
        {
            await server._server.ListenAsync(cancel);
            server.Key = key ?? await server._server.MakeKeyAsync("bench", KeyRoles, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as an operator does: it writes what it has taken.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_server.HasExited) await _server.TerminateAsync();
        }
        catch (TimeoutException)
        {
            // What is below ends it.
        }

        await _server.DisposeAsync();
    }
}
