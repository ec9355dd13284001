using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>
/// A server as its user starts it, in Production: a process of its own on a free port, with a real key. Only the
/// requests a second that one key may send are raised.
/// </summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private const string FirstKey = "The first admin key, shown this once: ";
    private static readonly string[] KeyRoles = ["ingest", "member", "analyst"];
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();
    private string? _admin;

    private ServerUnderTest(IEnumerable<string> arguments)
    {
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("dotnet", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
            },
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"It ended: {Output}"));
    }

    public int ProcessId => _process.Id;

    public Uri Address => _address.Task.Result;

    /// <summary>A key with every role that the benchmarks need.</summary>
    public string Key { get; private set; } = "";

    private string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts the server and waits until it listens.</summary>
    /// <param name="key">A key that its store knows already; null to have one made.</param>
    public static Task<ServerUnderTest> StartAsync(
        IEnumerable<string> store, string? key, CancellationToken cancel) =>
        StartAsync([Path.Combine(AppContext.BaseDirectory, "Lifecycle.Server.dll")], store, key, cancel);

    /// <summary>The same with another program than the server.</summary>
    /// <param name="program">The arguments of <c>dotnet</c> that name it.</param>
    public static async Task<ServerUnderTest> StartAsync(
        IEnumerable<string> program, IEnumerable<string> store, string? key, CancellationToken cancel)
    {
        var server = new ServerUnderTest(
        [
            .. program, "--Lifecycle:Urls=http://127.0.0.1:0", "--Lifecycle:Web:RequestsPerSecondMax=1000000",
            // Nobody else sends it anything: a stop need not wait for others to notice.
            "--Lifecycle:Web:DrainTime=00:00:00",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information", .. store,
        ]);
        try
        {
            server._process.Start();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            await server._address.Task.WaitAsync(StartMax, cancel);
            server.Key = key ?? await server.MakeKeyAsync(cancel);
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
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            try
            {
                await _process.WaitForExitAsync().WaitAsync(StopMax);
            }
            catch (TimeoutException)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
    }

    private async Task<string> MakeKeyAsync(CancellationToken cancel)
    {
        if (_admin is null)
            throw new InvalidOperationException("The server showed no admin key: its store is not new.");
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _admin);
        using var answer = await http.PostAsJsonAsync(
            new Uri("/v1/admin/keys", UriKind.Relative),
            new { name = "bench", roles = KeyRoles }, cancel);
        answer.EnsureSuccessStatusCode();
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancel));
        return made.RootElement.GetProperty("key").GetString()!;
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        // The key comes before the address.
        if (line.StartsWith(FirstKey, StringComparison.Ordinal)) _admin = line[FirstKey.Length..].Trim();
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0) _address.TrySetResult(new(line[(at + Listening.Length)..].Trim()));
    }
}
