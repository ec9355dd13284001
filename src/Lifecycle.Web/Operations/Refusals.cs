using Lifecycle.Web.Problems;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Operations;

/// <summary>
/// Counts the requests that are answered 429, and says so in a line now and then: a line for each would be the next
/// queue.
/// </summary>
internal sealed class Refusals(WebMeter meter, TimeProvider time, ILogger<Refusals> logger)
{
    private readonly Outages _outages = new(time);

    /// <param name="code">A problem code.</param>
    /// <param name="detail">For the operator: which limit it was this time.</param>
    public void Count(string code, string detail)
    {
        meter.Refused(code);
        if (_outages.Count(code) is > 0 and var requests) WebLog.Refused(logger, requests, code, detail);
    }
}
