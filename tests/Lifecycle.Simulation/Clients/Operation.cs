using Lifecycle.Domain.Entries;
using Lifecycle.Engine;
using Lifecycle.Simulation.Running;

namespace Lifecycle.Simulation.Clients;

/// <summary>An input as its sender remembers it.</summary>
/// <param name="send">The line of the script.</param>
/// <param name="customer">The id that it was sent to.</param>
/// <param name="key">Its event key.</param>
/// <param name="delivery">What was sent.</param>
internal sealed class Operation(Step.Send send, string customer, Hash16 key, Delivery delivery)
{
    public Step.Send Send => send;

    public string Customer => customer;

    public Hash16 Key => key;

    public Delivery Delivery => delivery;

    /// <summary>The first answer that says what became of it; every later one says the same.</summary>
    public Outcome? Answer { get; set; }

    /// <summary>The processes that were asked and have not answered.</summary>
    public List<Process> Asked { get; } = [];

    /// <summary>The process that answered last that it was new.</summary>
    public Process? NewFor { get; set; }

    /// <summary>It was answered in a way that leaves nothing to be asked again.</summary>
    public bool IsSettled { get; set; }
}
