using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Tests.Shared;

/// <summary>The built server as its user starts it: a process of its own on a free port.</summary>
/// <param name="command">The program, and what of its arguments comes before the server's options.</param>
/// <param name="options">Of the server; they come after those that say where it listens, and win.</param>
/// <param name="variables">Of its environment, besides those of this process.</param>
internal sealed class LaunchedServer(
    IReadOnlyList<string> command, IEnumerable<string> options, IReadOnlyDictionary<string, string> variables)
    : IAsyncDisposable
{
    /// <summary>The variable that says whether the key <c>dev</c> opens it.</summary>
    public const string Stage = "ASPNETCORE_ENVIRONMENT";

    private const string Listening = "Now listening on: ";
    private const string FirstKey = "The first admin key, shown this once: ";
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(2);

    private readonly Process _process = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();
    private Task? _ended;
    private string? _admin;

    /// <summary>The server that the build put beside this program.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "Lifecycle.Server.dll");

    public string Name { get; init; } = "The server";

    public TimeSpan StartMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets each line of its output as it comes, from the threads that read it.</summary>
    public Action<string>? OnLine { get; init; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public Uri Address => _address.Task.IsCompletedSuccessfully
        ? _address.Task.Result
        : throw new InvalidOperationException($"{Name} does not listen.");

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts it and waits until it listens; one that does not is gone when this throws.</summary>
    /// <exception cref="StartFailedException">It ended before.</exception>
    /// <exception cref="TimeoutException">It did neither.</exception>
    public async Task<LaunchedServer> StartAsync(CancellationToken cancel = default)
    {
        try
        {
            Begin();
            await ListenAsync(cancel);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it and waits for nothing.</summary>
    public void Begin()
    {
        var watched = Orphans.End(
        [
            .. command, "--Lifecycle:Urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information", .. options,
        ]);
        _process.StartInfo = new(watched[0], watched.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) _process.StartInfo.Environment[name] = value;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _ended = EndAsync();
    }

    /// <summary>Waits until one that has begun listens.</summary>
    /// <exception cref="StartFailedException">It ended before.</exception>
    /// <exception cref="TimeoutException">It did neither.</exception>
    public async Task ListenAsync(CancellationToken cancel)
    {
        await Task.WhenAny(_address.Task, _ended!).WaitAsync(StartMax, cancel);
        // All that it wrote has been read when it counts as ended: its last line says why.
        if (!_address.Task.IsCompleted) throw new StartFailedException(Name, _process.ExitCode, Output);
    }

    /// <summary>A key with these roles, made with the admin key that the first start on a store shows.</summary>
    public async Task<string> MakeKeyAsync(string name, string[] roles, CancellationToken cancel = default)
    {
        if (_admin is null) throw new InvalidOperationException($"{Name} showed no admin key: its store is not new.");
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _admin);
        using var answer = await http.PostAsJsonAsync(
            new Uri("/v1/admin/keys", UriKind.Relative), new { name, roles }, cancel);
        answer.EnsureSuccessStatusCode();
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancel));
        return made.RootElement.GetProperty("key").GetString()!;
    }

    /// <summary>As an operator does: it writes what it has taken. Answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await AskToEndAsync();
        return await ExitAsync();
    }

    /// <summary>What an operator sends; <see cref="ExitAsync"/> waits for what comes of it.</summary>
    public Task AskToEndAsync() => Signals.TerminateAsync(ProcessId);

    /// <summary>Waits until it has ended; answers the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _ended!.WaitAsync(StopMax);
        return _process.ExitCode;
    }

    /// <summary>As the kernel does when the machine dies: it gets no word.</summary>
    public async Task KillAsync()
    {
        if (_ended is null) return;
        if (!_process.HasExited) _process.Kill();
        await _ended;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task EndAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        // Who watches for it ends too.
        _process.StandardInput.Close();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        OnLine?.Invoke(line);
        // The key comes before the address.
        if (line.StartsWith(FirstKey, StringComparison.Ordinal)) _admin = line[FirstKey.Length..].Trim();
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0) _address.TrySetResult(new(line[(at + Listening.Length)..].Trim()));
    }
}
