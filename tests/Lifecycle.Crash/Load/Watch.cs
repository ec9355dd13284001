using System.Net.Sockets;
using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>What got no answer, or one that says to come back.</summary>
/// <param name="isStrict">Each of them is a fault, but a connection that could not be made.</param>
public sealed class Watch(Faults faults, bool isStrict)
{
    /// <summary>Every answer comes within this.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(15);

    private long _refused;
    private long _brokenOff;
    private long _later;

    /// <summary>Connections that could not be made: nothing was sent.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Nobody knows whether they were taken.</summary>
    public long BrokenOff => Interlocked.Read(ref _brokenOff);

    /// <summary>429 and 503.</summary>
    public long ComeBack => Interlocked.Read(ref _later);

    internal void Later(Site site, HttpRequestMessage request, Answer answer)
    {
        Interlocked.Increment(ref _later);
        Tell(site, request, $"was answered with {answer.Status}: {answer.Body}");
    }

    internal void BrokeOff(Site site, HttpRequestMessage request, Exception how)
    {
        // Nobody waits for that server any more.
        if (site.Left.IsCancellationRequested) return;
        if (how is HttpRequestException
            {
                InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused },
            })
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        Interlocked.Increment(ref _brokenOff);
        Tell(site, request, $"broke off: {how.Message} {how.InnerException?.Message}");
    }

    internal void Silent(Site site, HttpRequestMessage request) => faults.Add(
        $"{Now} {site.Name} gave no answer to {request.Method} {request.RequestUri} within "
        + $"{AnswerMax.TotalSeconds:F0} s.");

    private void Tell(Site site, HttpRequestMessage request, string what)
    {
        if (isStrict) faults.Add($"{Now} {request.Method} {request.RequestUri} to {site.Name} {what}");
    }

    /// <summary>As the logs of the servers have it.</summary>
    internal static string Now => TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff'Z'", null);
}
