using Lifecycle.Engine;
using Lifecycle.Engine.Store;

namespace Lifecycle.Compliance;

/// <summary>A running host under the shipped program, as the tests of its port see it.</summary>
/// <param name="Customers">The port.</param>
/// <param name="Secret">The installation's: the scheduler names customers by their keys.</param>
/// <param name="Running">Ends the host; null where the test shares it with others.</param>
public sealed record CustomersHost(ICustomers Customers, InstallationSecret Secret, IAsyncDisposable? Running)
{
    /// <summary>The clock that inputs are decided by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Lets time pass, and the host keep its lease; null where the clock is the machine's.</summary>
    public Func<TimeSpan, Task>? AdvanceAsync { get; init; }
}
