namespace Lifecycle.Simulation.Store;

/// <summary>What is asked of a store: faults are drawn, and counted, for each of these.</summary>
public enum StoreCall
{
    Append,
    Read,
    Project,
    Register,
    Contact,
}

/// <summary>What happens to calls of a store on their way. Nothing, unless somebody makes some.</summary>
public class Weather
{
    public static readonly Weather Calm = new();

    /// <summary>A commit whose answer was lost may still come.</summary>
    public virtual bool IsInDoubt => false;

    /// <summary>Lets a call reach the disk, late or never, and its answer come back, late or never.</summary>
    public virtual Task<T> MeetAsync<T>(StoreCall call, Func<T> act, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.FromCanceled<T>(cancel);
        try
        {
            return Task.FromResult(act());
        }
        catch (Engine.Store.StoreException e)
        {
            return Task.FromException<T>(e);
        }
    }
}
