using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine.Store;

/// <summary>The locks of <see cref="IStore.LockAsync"/> within one process.</summary>
public sealed class StripeLocks
{
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, IStore.StripesMax).Select(_ => new Stripe())];

    /// <summary>Takes them one after the other, so that two callers never wait for each other.</summary>
    public async Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel)
    {
        var held = new Held();
        try
        {
            foreach (var stripe in stripes)
            {
                await _stripes[stripe].EnterAsync(cancel);
                held.Stripes.Push(_stripes[stripe]);
            }

            return held;
        }
        catch
        {
            // Whoever gives up between the two would keep the first for ever.
            await held.DisposeAsync();
            throw;
        }
    }

    private sealed class Held : IAsyncDisposable
    {
        public Stack<Stripe> Stripes { get; } = [];

        public ValueTask DisposeAsync()
        {
            while (Stripes.TryPop(out var stripe)) stripe.Leave();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Not a semaphore: one that can be given up goes on over the thread pool.</summary>
    private sealed class Stripe
    {
        private TurnLock _turn;

        public ValueTask EnterAsync(CancellationToken cancel) => _turn.EnterAsync(this, cancel);

        public void Leave() => _turn.Leave(this);
    }
}
