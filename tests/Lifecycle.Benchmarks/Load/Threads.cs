namespace Lifecycle.Benchmarks.Load;

/// <summary>Threads of their own: what blocks them is part of what they measure, and no pool is to notice it.</summary>
internal static class Threads
{
    /// <summary>Runs all at once and waits for all; throws what the first of them threw.</summary>
    public static void RunAll(IReadOnlyList<Action> actions)
    {
        Exception? fault = null;
        var threads = actions.Select(action => new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref fault, e, null);
            }
        })).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (fault is not null) throw new IOException(fault.Message, fault);
    }
}
