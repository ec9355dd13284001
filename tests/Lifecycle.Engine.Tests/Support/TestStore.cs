using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Support;

/// <summary>A real store whose journal fails or waits when a test says so.</summary>
/// <param name="inner">The store.</param>
/// <param name="owned">Whether disposing this one disposes it; two engines over one store share it.</param>
public sealed class TestStore(IStore inner, bool owned = true) : IStore
{
    public TestJournal Appends { get; } = new(inner.Journal);

    /// <summary>What the store says of its ownership; the store's own word when null.</summary>
    public Func<bool>? Owned { get; set; }

    public IJournal Journal => Appends;
    public IProjection Projection => inner.Projection;
    public IRegistry Registry => inner.Registry;
    public IQuarantine Quarantine => inner.Quarantine;

    public Task<bool> ConfirmOwnershipAsync(CancellationToken cancel) =>
        Owned is null ? inner.ConfirmOwnershipAsync(cancel) : Task.FromResult(Owned());

    public ValueTask DisposeAsync() => owned ? inner.DisposeAsync() : ValueTask.CompletedTask;
}
