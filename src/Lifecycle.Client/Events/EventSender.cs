using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Lifecycle.Client;

/// <summary>
/// Sends events in the background: what came while the last request of a lane was under way is its next one, so load
/// makes the batches larger and nothing waits for a timer. A customer's events keep their order.
/// </summary>
/// <remarks>
/// When a request fails after all its attempts, the sender stops: adding, flushing and disposing throw that failure,
/// and <see cref="Unsent"/> has what was not acknowledged. Sending those again, in their order, does no harm.
/// </remarks>
public sealed class EventSender : IAsyncDisposable
{
    private readonly LifecycleClient _client;
    private readonly EventSenderOptions _options;
    private readonly Lane[] _lanes;
    private readonly Task[] _running;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<CustomerEvent> _unsent = [];
    private EventSenderTotals _totals;
    private Exception? _failure;

    /// <param name="client">Left open when the sender is disposed.</param>
    /// <param name="options">Buffers, batches and lanes.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EventSender(LifecycleClient client, EventSenderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new();
        _options.Validate();
        var waiting = Math.Max(1, _options.EventsWaitingMax / _options.Lanes);
        _lanes = [.. Enumerable.Range(0, _options.Lanes).Select(_ => new Lane(waiting))];
        _running = [.. _lanes.Select(lane => Task.Run(() => RunAsync(lane)))];
    }

    /// <summary>What was answered so far.</summary>
    public EventSenderTotals Totals
    {
        get
        {
            lock (_lock) return _totals;
        }
    }

    /// <summary>After a failure: the events that no answer acknowledged, each customer's in their order.</summary>
    public IReadOnlyList<CustomerEvent> Unsent
    {
        get
        {
            lock (_lock) return [.. _unsent];
        }
    }

    /// <summary>Adds an event, waiting while there is no room.</summary>
    /// <exception cref="LifecycleException">The sender has stopped for this; the event was not added.</exception>
    public async ValueTask AddAsync(CustomerEvent item, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        await WriteAsync(LaneOf(item.Customer), new(item, null), cancel).ConfigureAwait(false);
    }

    /// <summary>Done when everything added before is answered.</summary>
    /// <exception cref="LifecycleException">Something could not be sent.</exception>
    public async Task FlushAsync(CancellationToken cancel = default)
    {
        var marks = new List<Task>(_lanes.Length);
        foreach (var lane in _lanes)
        {
            var mark = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await WriteAsync(lane, new(null, mark), cancel).ConfigureAwait(false);
            marks.Add(mark.Task);
        }
        await Task.WhenAll(marks).WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Sends what waits, then ends.</summary>
    /// <exception cref="LifecycleException">Something could not be sent.</exception>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) lane.Queue.Writer.TryComplete();
        await Task.WhenAll(_running).ConfigureAwait(false);
        _stop.Dispose();
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    private async ValueTask WriteAsync(Lane lane, Waiting waiting, CancellationToken cancel)
    {
        try
        {
            await lane.Queue.Writer.WriteAsync(waiting, cancel).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw _failure ?? new ObjectDisposedException(nameof(EventSender));
        }
    }

    /// <summary>FNV-1a: the same lane in every run, unlike the runtime's own hash of a string.</summary>
    private Lane LaneOf(string customer)
    {
        var hash = 2_166_136_261u;
        foreach (var character in customer) hash = (hash ^ character) * 16_777_619u;
        return _lanes[hash % (uint)_lanes.Length];
    }

    private async Task RunAsync(Lane lane)
    {
        using var batch = new EventBatch(_options.BatchEventsMax, _options.BatchBytesMax);
        var sending = new List<CustomerEvent>();
        try
        {
            while (await lane.Queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                while (lane.Queue.Reader.TryPeek(out var next) && next.Event is { } item && batch.TryAdd(item))
                {
                    lane.Queue.Reader.TryRead(out _);
                    sending.Add(item);
                }
                if (batch.Count > 0)
                {
                    var answer = await _client.SendEventsAsync(batch, _options.Events, _stop.Token)
                        .ConfigureAwait(false);
                    Take(sending, answer);
                    batch.Clear();
                    sending = [];
                }
                else if (lane.Queue.Reader.TryRead(out var mark))
                {
                    mark.Flushed!.TrySetResult();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Another lane has failed; what this one had under way is unsent too.
        }
        catch (Exception failure)
        {
            // Also a fault of the caller's own Answered: going on would lose what it was told.
            await StopAsync(failure).ConfigureAwait(false);
        }
        finally
        {
            Drain(lane, sending);
        }
    }

    private void Take(List<CustomerEvent> sent, EventsAnswer answer)
    {
        lock (_lock)
        {
            _totals = new(
                _totals.Accepted + answer.Accepted, _totals.Duplicates + answer.Duplicates,
                _totals.Quarantined + answer.Quarantined);
        }
        _options.Answered?.Invoke(sent, answer);
    }

    private async Task StopAsync(Exception failure)
    {
        lock (_lock) _failure ??= failure;
        foreach (var lane in _lanes) lane.Queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
    }

    private void Drain(Lane lane, List<CustomerEvent> sending)
    {
        lock (_lock) _unsent.AddRange(sending);
        while (lane.Queue.Reader.TryRead(out var left))
        {
            if (left.Event is { } item)
            {
                lock (_lock) _unsent.Add(item);
            }
            else
            {
                left.Flushed!.TrySetException(_failure ?? new ObjectDisposedException(nameof(EventSender)));
            }
        }
    }

    /// <summary>An event, or the mark of a flush.</summary>
    private readonly record struct Waiting(CustomerEvent? Event, TaskCompletionSource? Flushed);

    private sealed class Lane(int waitingMax)
    {
        public Channel<Waiting> Queue { get; } = Channel.CreateBounded<Waiting>(
            new BoundedChannelOptions(waitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }
}
