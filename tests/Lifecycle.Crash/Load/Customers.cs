using System.Globalization;

namespace Lifecycle.Crash.Load;

/// <summary>
/// The customers of now: some dozens, so that writers meet. They move on with each crash, so that no history grows
/// beyond what a shop's customer has.
/// </summary>
public sealed class Customers(int count)
{
    private int _first;

    public string Draw(Random random) =>
        "c-" + (Volatile.Read(ref _first) + random.Next(count)).ToString("D4", CultureInfo.InvariantCulture);

    public void MoveOn() => Interlocked.Increment(ref _first);
}
