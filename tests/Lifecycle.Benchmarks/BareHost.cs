using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Time;
using Lifecycle.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Benchmarks;

/// <summary>
/// What reads of a customer are compared with: the same web server in a process of its own, with one route, the same
/// authentication, and the same answer from a field. Nothing faster answers these requests on this framework.
/// </summary>
internal sealed class BareHost : IAsyncDisposable
{
    /// <summary>The argument that makes this program the bare host instead of a benchmark.</summary>
    public const string Command = "bare";

    private const string Scheme = "Bearer ";

    /// <summary>The same as the server's own: see its project file and settings.</summary>
    private static readonly (string Name, string Value)[] Runtime =
        [("DOTNET_gcServer", "1"), ("DOTNET_TC_QuickJit", "0"), ("DOTNET_TieredPGO", "0")];

    private readonly Process _process;

    private BareHost(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a process that answers every status with a copy of one answer of the server's.</summary>
    /// <param name="server">Where the answer comes from.</param>
    /// <param name="path">What is asked there.</param>
    /// <param name="key">A key of the server's that may ask it; the only one that the bare host lets in.</param>
    public static async Task<BareHost> StartAsync(HttpClient server, string path, string key)
    {
        using var answer = await server.GetAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        start.ArgumentList.Add(Command);
        foreach (var (name, value) in Runtime) start.Environment[name] = value;
        var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(key);
        await process.StandardInput.WriteLineAsync(answer.Headers.ETag!.ToString());
        await process.StandardInput.WriteLineAsync(await answer.Content.ReadAsStringAsync());
        await process.StandardInput.FlushAsync();
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new IOException("The bare host did not start.");
        return new(process, new(url));
    }

    /// <summary>The other process: reads key, tag and body from its input, says where it listens, and answers.</summary>
    public static async Task ServeAsync()
    {
        var (key, tag) = (Console.ReadLine()!, Console.ReadLine()!);
        var body = Encoding.UTF8.GetBytes(Console.ReadLine()!);
        var keys = new KeyRing([Stored(key)]);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        await using var app = builder.Build();
        app.MapGet("/v1/customers/{id}/status", http => AnswerAsync(http, keys, tag, body));
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        // Ends with the process that started it.
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Task AnswerAsync(HttpContext http, KeyRing keys, string tag, byte[] body)
    {
        if (http.Request.Headers.Authorization is not [{ } header]
            || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || keys.Find(header.AsSpan(Scheme.Length).Trim()) is null)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        var response = http.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }

    private static Engine.Store.StoredApiKey Stored(string key) =>
        KeySecret.TrySplit(key, out var id, out var secret)
            ? new(
                id.ToString(), "benchmark", SHA256.HashData(Encoding.ASCII.GetBytes(secret.ToString())),
                [Roles.Member], Instant.Earliest, null)
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"'{key}' is no key of a server: dev is not hashed."), nameof(key));
}
