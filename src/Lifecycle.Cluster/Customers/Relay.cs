using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime.Services;

namespace Lifecycle.Cluster.Customers;

[Reentrant]
internal sealed class Relay(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, IGrainFactory grains, LifecycleEngine engine,
    IOptions<ClusterOptions> options, TimeProvider time) : GrainService(id, silo, loggers), IRelay
{
    private readonly uint _here = Whereabouts.NumberOf(silo.SiloAddress);

    /// <summary>One who takes longer is asked by the caller itself, and the others need not wait for them.</summary>
    private readonly TimeSpan _waitMax = options.Value.ResponseMax / 2;

    public async Task<RelayedAnswers> ApplyAsync(RelayedCalls calls) =>
        new(await Task.WhenAll(calls.Calls.Select(AskAsync)));

    private async Task<ApplyAnswer?> AskAsync(RelayedCall call)
    {
        try
        {
            if (engine.Actors.TryEnterOpen(CustomerKeys.Of(call.At)) is { } near)
            {
                try
                {
                    return new(new(await call.Call.DecideAsync(near.Actor)), null, _here);
                }
                finally
                {
                    engine.Actors.Leave(near);
                }
            }

            return await grains.GetGrain<ICustomerGrain>(call.At).ApplyAsync(call.Call).WaitAsync(_waitMax, time);
        }
        catch (UnavailableException e)
        {
            return new(null, Fault.Of(e), _here);
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
