using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Overload.Site;

/// <summary>The server as its user starts it, in Production: a process of its own on a free port.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private const string FirstKey = "The first admin key, shown this once: ";
    private static readonly string[] KeyRoles = ["ingest", "member"];
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();
    private string? _admin;

    private RealServer(string folder, IEnumerable<string> options)
    {
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Lifecycle.Server.dll"), "--Lifecycle:Urls=http://127.0.0.1:0",
                $"--Lifecycle:Folder={folder}", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information", .. options,
            ])
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

    public Uri Address => _address.Task.Result;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<RealServer> StartAsync(string folder, IEnumerable<string> options)
    {
        var server = new RealServer(folder, options);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server._address.Task.WaitAsync(StartMax);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A key that may send events and read; of a server whose store is new.</summary>
    public async Task<string> MakeKeyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _admin);
        using var answer = await http.PostAsJsonAsync(
            new Uri("/v1/admin/keys", UriKind.Relative), new { name = "load", roles = KeyRoles });
        answer.EnsureSuccessStatusCode();
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }

    /// <summary>What an operator sends; <see cref="ExitAsync"/> waits for what comes of it.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StopMax);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
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
