using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime.Services;

namespace Lifecycle.Cluster.Customers;

[Reentrant]
internal sealed class Relay(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, IGrainFactory grains, IOptions<ClusterOptions> options,
    TimeProvider time) : GrainService(id, silo, loggers), IRelay
{
    /// <summary>One who takes longer is asked by the caller itself, and the others need not wait for them.</summary>
    private readonly TimeSpan _waitMax = options.Value.ResponseMax / 2;

    public async Task<RelayedAnswers> ApplyAsync(RelayedCalls calls) =>
        new(await Task.WhenAll(calls.Calls.Select(AskAsync)));

    private async Task<ApplyAnswer?> AskAsync(RelayedCall call)
    {
        try
        {
            return await grains.GetGrain<ICustomerGrain>(call.At).ApplyAsync(call.Call).WaitAsync(_waitMax, time);
        }
        catch (Exception e) when (ClusterCustomers.IsOfTheWay(e))
        {
            return null;
        }
    }
}

/// <summary>The relay of each process.</summary>
internal sealed class Relays(IServiceProvider services) : GrainServiceClient<IRelay>(services)
{
    public IRelay Of(SiloAddress process) => GetGrainService(process);
}
