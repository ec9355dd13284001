namespace Lifecycle.Cluster.Shares;

/// <summary>Work beside requests, in one process at a time: its reminder brings it up elsewhere when that is lost.</summary>
internal interface IShareGrain : IGrainWithIntegerKey
{
    /// <summary>Sees to it that it runs and has its reminder. Doing it again does no harm.</summary>
    [Alias("ensure")]
    Task EnsureAsync();
}

/// <summary>Pokes the customers of one share of all keys for whom something is due; the key is the share.</summary>
[Alias("lifecycle.schedule")]
internal interface IScheduleGrain : IShareGrain;

/// <summary>Brings a change of the programs to the customers who do nothing. There is one, with key 0.</summary>
[Alias("lifecycle.sweep")]
internal interface ISweepGrain : IShareGrain;
