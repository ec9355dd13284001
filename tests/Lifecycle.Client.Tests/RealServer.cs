using Lifecycle.Server.Tests;

namespace Lifecycle.Client.Tests;

/// <summary>One server process for the tests of a class.</summary>
public sealed class RealServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-client-").FullName;
    private ServerProcess? _process;

    public Uri Url => _process!.Http.BaseAddress!;

    public async ValueTask InitializeAsync() => _process = await ServerProcess.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
