namespace Lifecycle.Engine.Actors;

/// <summary>Starts what runs beside its caller: on the thread pool, or where a host has all of its work run.</summary>
internal static class Turns
{
    /// <summary>What <see cref="Task.Run(Func{Task})"/> does, on this scheduler.</summary>
    public static Task Run(this TaskScheduler turns, Func<Task> act) => Task.Factory
        .StartNew(act, CancellationToken.None, TaskCreationOptions.DenyChildAttach, turns).Unwrap();
}
