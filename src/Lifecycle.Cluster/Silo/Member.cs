using Lifecycle.Engine.Hosting;
using Lifecycle.Postgres;
using Microsoft.Extensions.Options;

namespace Lifecycle.Cluster.Silo;

/// <summary>
/// Ties the silo's membership to the store: commits are bound to this process's row among the members, its lease is
/// counted from when it last saw that row alive, and customers of a lost process wait until its lease is over.
/// </summary>
internal sealed class Member(
    LifecycleEngine engine, ILocalSiloDetails silo, IClusterMembershipService membership, ClusterMeter meter,
    IOptions<ClusterOptions> options) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _settledVersion = long.MinValue;

    private PostgresStore Store => (PostgresStore)engine.Store;

    /// <remarks>
    /// The silo is among the members before this stage, and takes customers after it. It has given its customers away
    /// before it comes here again, and is declared dead after it.
    /// </remarks>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(Member), ServiceLifecycleStage.ApplicationServices, JoinAsync, LeaveAsync);

    /// <summary>
    /// Before a customer is taken up: where the members have changed since the last look, the store is asked whether
    /// one of them was lost.
    /// </summary>
    /// <param name="placed">
    /// The members as those knew them who let the customer be taken up here: they may have heard earlier of a loss.
    /// </param>
    /// <param name="cancel">Ends the waiting; who comes next looks.</param>
    public async Task SettleAsync(MembershipVersion placed, CancellationToken cancel)
    {
        if (Known(placed) <= Interlocked.Read(ref _settledVersion)) return;
        await _turn.WaitAsync(cancel);
        try
        {
            var version = Known(placed);
            if (version <= Interlocked.Read(ref _settledVersion)) return;
            await engine.Gate.ResettleAsync(cancel);
            Interlocked.Exchange(ref _settledVersion, version);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private long Known(MembershipVersion placed) =>
        Math.Max(placed.Value, membership.CurrentSnapshot.Version.Value);

    private async Task JoinAsync(CancellationToken cancel)
    {
        var endpoint = silo.SiloAddress.Endpoint;
        await Store.JoinAsync(
            new Postgres.ClusterMember(
                options.Value.Id, endpoint.Address.ToString(), endpoint.Port, silo.SiloAddress.Generation), cancel);
        meter.Watch(membership);
        await SettleAsync(MembershipVersion.MinValue, cancel);
    }

    private async Task LeaveAsync(CancellationToken cancel)
    {
        engine.Gate.Close();
        await Store.LeaveAsync(cancel);
    }
}
