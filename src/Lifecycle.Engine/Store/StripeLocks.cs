namespace Lifecycle.Engine.Store;

/// <summary>The locks of <see cref="IStore.LockAsync"/> within one process.</summary>
public sealed class StripeLocks
{
    private readonly SemaphoreSlim[] _stripes =
        [.. Enumerable.Range(0, IStore.StripesMax).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Takes them one after the other, so that two callers never wait for each other.</summary>
    public async Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel)
    {
        var held = new Held();
        try
        {
            foreach (var stripe in stripes)
            {
                await _stripes[stripe].WaitAsync(cancel);
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
        public Stack<SemaphoreSlim> Stripes { get; } = [];

        public ValueTask DisposeAsync()
        {
            while (Stripes.TryPop(out var stripe)) stripe.Release();
            return ValueTask.CompletedTask;
        }
    }
}
