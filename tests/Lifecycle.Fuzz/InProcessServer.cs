using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lifecycle.Fuzz;

/// <summary>Hands requests straight to the application: everything behind the socket is the real thing.</summary>
internal sealed class InProcessServer : IServer
{
    private Func<IFeatureCollection, Task>? _process;

    public InProcessServer()
    {
        var addresses = new ServerAddressesFeature();
        addresses.Addresses.Add("http://127.0.0.1:1");
        Features.Set<IServerAddressesFeature>(addresses);
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = features => ProcessAsync(application, features);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }

    /// <exception cref="Exception">Whatever the application let escape.</exception>
    public async Task<FuzzAnswer> SendAsync(FuzzRequest request, CancellationToken left)
    {
        var features = new FeatureCollection();
        var response = new ResponseFeature();
        var target = request.Target;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var sent = new HttpRequestFeature
        {
            Method = request.Method, Scheme = "http", Protocol = "HTTP/1.1", RawTarget = target,
            Path = PathOf(mark < 0 ? target : target[..mark]), QueryString = mark < 0 ? "" : target[mark..],
            Body = request.Body.Length == 0 ? Stream.Null : new MemoryStream(request.Body, writable: false),
        };
        foreach (var (name, value) in request.Headers) sent.Headers.Append(name, value);
        sent.Headers.Host = "localhost";
        if (!request.Chunked && (request.Body.Length > 0 || request.Method is "POST" or "PUT"))
            sent.Headers.ContentLength = request.Body.Length;
        features.Set<IHttpRequestFeature>(sent);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(response.Written));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = left });
        await _process!(features);
        return new(response.StatusCode, response.Headers, response.Written.ToArray());
    }

    /// <summary>As a server decodes it: all but an escaped slash.</summary>
    private static string PathOf(string target) =>
        PathString.FromUriComponent(target).Value ?? "/";

    private static async Task ProcessAsync<TContext>(IHttpApplication<TContext> application, IFeatureCollection features)
        where TContext : notnull
    {
        var context = application.CreateContext(features);
        Exception? fault = null;
        try
        {
            await application.ProcessRequestAsync(context);
            await features.GetRequiredFeature<IHttpResponseBodyFeature>().CompleteAsync();
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            application.DisposeContext(context, fault);
        }
    }
}
