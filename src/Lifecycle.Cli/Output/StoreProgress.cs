using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Cli.Output;

/// <summary>Shows how far work on a store has come, which tells it as it goes.</summary>
internal static class StoreProgress
{
    private const long Percent = 100;

    public static Task<T> CopyAsync<T>(Surroundings surroundings, Func<IProgress<CopyProgress>, Task<T>> work)
    {
        var progress = new Progress(surroundings, "Copying", "%");
        return progress.RunAsync(Percent, () => work(new Told<CopyProgress>(
            copied => progress.Set(Share(copied.Bytes, copied.BytesInAll)))));
    }

    /// <summary>One half is the copy, the other the proof.</summary>
    public static Task<T> RestoreAsync<T>(Surroundings surroundings, Func<RestoreProgress, Task<T>> work)
    {
        var progress = new Progress(surroundings, "Restoring", "%");
        return progress.RunAsync(Percent, () => work(new RestoreProgress(
            new Told<CopyProgress>(copied => progress.Set(Share(copied.Bytes, copied.BytesInAll) / 2)),
            new Told<VerificationProgress>(seen => progress.Set(
                (Percent + Share(seen.Entries, seen.EntriesInAll)) / 2)))));
    }

    public static Task<T> VerifyAsync<T>(Surroundings surroundings, Func<IProgress<VerificationProgress>, Task<T>> work)
    {
        var progress = new Progress(surroundings, "Verifying", "%");
        return progress.RunAsync(Percent, () => work(new Told<VerificationProgress>(
            seen => progress.Set(Share(seen.Entries, seen.EntriesInAll)))));
    }

    private static long Share(long done, long all) => all == 0 ? Percent : done * Percent / all;

    /// <summary>Tells at once, on the thread that works.</summary>
    private sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
