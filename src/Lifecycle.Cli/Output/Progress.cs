namespace Lifecycle.Cli.Output;

/// <summary>Runs long work and shows how it goes: a bar for a person, a line now and then for a log.</summary>
/// <param name="surroundings">Where to show it.</param>
/// <param name="title">What is being done.</param>
/// <param name="unit">What is counted.</param>
internal sealed class Progress(Surroundings surroundings, string title, string unit)
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly long _start = surroundings.Clock.GetTimestamp();
    private long _done;

    /// <summary>Counts further units; from any thread.</summary>
    public void Add(long units) => Interlocked.Add(ref _done, units);

    /// <summary>Says how many units are done; from any thread.</summary>
    public void Set(long units) => Interlocked.Exchange(ref _done, units);

    /// <param name="total">Units in all; null where nobody knows.</param>
    /// <param name="work">Calls <see cref="Add"/> or <see cref="Set"/> as it goes.</param>
    public async Task<T> RunAsync<T>(long? total, Func<Task<T>> work)
    {
        if (surroundings.Interactive)
        {
            return await ProgressBar.ShowAsync(
                surroundings.Error, title, unit, show => FollowAsync(total, work, BarInterval, show));
        }
        return await FollowAsync(total, work, LineInterval, state => surroundings.Error.WriteLine(state.ToLine(title, unit)));
    }

    private async Task<T> FollowAsync<T>(
        long? total, Func<Task<T>> work, TimeSpan interval, Action<ProgressState> show)
    {
        var running = work();
        using var timer = new PeriodicTimer(interval, surroundings.Clock);
        var tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(running, tick) != running)
        {
            show(StateOf(total));
            tick = timer.WaitForNextTickAsync().AsTask();
        }
        var result = await running;
        if (surroundings.Interactive) show(StateOf(total));
        return result;
    }

    private ProgressState StateOf(long? total) =>
        ProgressState.Of(Interlocked.Read(ref _done), total, surroundings.Clock.GetElapsedTime(_start));
}
