using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>One event as an application without Lifecycle hands it to SQL: parsed, its points worked out.</summary>
/// <param name="Data">The same JSON that Lifecycle is sent.</param>
internal readonly record struct SqlEvent(
    Guid Event, long Customer, short Kind, DateTime OccurredAt, byte[] Data, int Points, long Spend)
{
    public const short View = 0;
    public const short Visit = 1;
    public const short Order = 2;

    /// <summary>The next event of a thread, in the same mix as Lifecycle's.</summary>
    public static SqlEvent Next(Draw draw, Random random)
    {
        draw.TryNext(out var customer);
        Span<byte> data = stackalloc byte[EventMix.BytesMax];
        var length = EventMix.Write(data, customer, EventMix.TimeNow());
        var kind = random.Next(10) switch
        {
            < 4 => View,
            < 7 => Visit,
            _ => Order,
        };
        var spend = kind == Order ? random.Next(1_000, 15_000) : 0;
        return new(Guid.NewGuid(), customer, kind, DateTime.UtcNow, data[..length].ToArray(), spend / 100, spend);
    }
}
