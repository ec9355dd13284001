using System.Collections.Concurrent;
using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>A stage, how many of the demo's customers are in it, and some worth a look.</summary>
internal sealed record StageShare(string Stage, int Customers, double Share, IReadOnlyList<string> Examples);

/// <summary>Asks for every customer's status, as a member app would.</summary>
internal static class StageShares
{
    /// <summary>More customers than this are not asked one by one.</summary>
    private const int CustomersMax = 5_000;
    private const int AtOnce = 8;
    private const int ExamplesMax = 3;

    /// <summary>The largest stage first.</summary>
    public static async Task<IReadOnlyList<StageShare>> ReadAsync(
        LifecycleClient client, IEnumerable<string> customers, CancellationToken cancel)
    {
        var statuses = new ConcurrentBag<CustomerStatus>();
        await Parallel.ForEachAsync(
            customers.Take(CustomersMax),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (customer, stop) => statuses.Add(await client.GetStatusAsync(customer, cancel: stop)));
        return statuses.GroupBy(status => status.Stage)
            .Select(stage => new StageShare(
                stage.Key, stage.Count(), (double)stage.Count() / statuses.Count,
                [
                    // Those of whom there is most to see.
                    .. stage.OrderByDescending(status => status.Version)
                        .ThenBy(status => status.Id, StringComparer.Ordinal).Take(ExamplesMax).Select(status => status.Id),
                ]))
            .OrderByDescending(stage => stage.Customers).ThenBy(stage => stage.Stage, StringComparer.Ordinal).ToList();
    }
}
