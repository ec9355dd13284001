using Lifecycle.Compliance;

namespace Lifecycle.Simulation.Tests;

/// <summary>What every host does, by the simulator's: one thread, a store in memory, delays drawn from a seed.</summary>
public sealed class SimulatedCustomersTests : CustomersCompliance
{
    protected override async Task<CustomersHost> OpenAsync()
    {
        var host = await SimulatedHost.OpenAsync(seed: 11);
        return new(host, host.Secret, host) { Clock = host.Clock, AdvanceAsync = host.AdvanceAsync };
    }
}
