using Lifecycle.Tests.Shared;

namespace Lifecycle.Server.Tests;

/// <summary>The server, in Development unless told otherwise, with a client that sends the key <c>dev</c>.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly LaunchedServer _server;

    private ServerProcess(LaunchedServer server)
    {
        _server = server;
        Http = new() { BaseAddress = server.Address };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", "dev");
    }

    public string Output => _server.Output;

    public int Id => _server.ProcessId;

    public Uri Address => _server.Address;

    public HttpClient Http { get; }

    /// <summary>
    /// Starts it with options that keep it from running; answers its exit code and all that it wrote.
    /// </summary>
    public static async Task<(int ExitCode, string Output)> FailAsync(string folder, params string[] options)
    {
        await using var server = Of(folder, "Development", options);
        server.Begin();
        return (await server.ExitAsync(), server.Output);
    }

    public static async Task<ServerProcess> StartAsync(
        string folder, string environment = "Development", params string[] options) =>
        new(await Of(folder, environment, options).StartAsync());

    /// <summary>Ends it as an operator does; answers its exit code.</summary>
    public Task<int> TerminateAsync() => _server.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }

    private static LaunchedServer Of(string folder, string environment, string[] options) => new(
        ["dotnet", LaunchedServer.Program],
        [$"--Lifecycle:Folder={folder}", "--Lifecycle:Web:DrainTime=00:00:00", .. options],
        new Dictionary<string, string> { [LaunchedServer.Stage] = environment });
}
