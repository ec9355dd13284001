using System.Net;

namespace Lifecycle.Crash.Cluster;

/// <summary>What a balancer asks a front.</summary>
internal static class Readiness
{
    private static readonly Uri Path = new("/health/ready", UriKind.Relative);

    /// <summary>Whether it may be sent traffic; whoever does not answer may not.</summary>
    public static async Task<bool> AskAsync(HttpClient http, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(Path, cancel);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }
}
