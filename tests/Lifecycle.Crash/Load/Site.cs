using System.Net.Http.Headers;

namespace Lifecycle.Crash.Load;

/// <summary>A running server, with connections of its own.</summary>
public sealed class Site : IDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _left = new();

    /// <param name="address">Where it listens.</param>
    /// <param name="name">For a fault: which server it was.</param>
    /// <param name="watch">Is told what got no answer, which is then no failure of the run itself.</param>
    public Site(Uri address, string name, Watch? watch = null)
    {
        (Name, Watch) = (name, watch);
        // A front that waits sends on its own connection: nothing is held up by what another request waits for.
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
        {
            BaseAddress = address, Timeout = watch is null ? AnswerMax : Watch.AnswerMax,
        };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "dev");
    }

    /// <summary>For a fault: which server it was.</summary>
    public string Name { get; }

    public HttpClient Http { get; }

    public Watch? Watch { get; }

    /// <summary>Set when nobody waits for this server any more.</summary>
    public CancellationToken Left => _left.Token;

    public void Leave() => _left.Cancel();

    public void Dispose()
    {
        Leave();
        Http.Dispose();
    }
}
