using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Lifecycle.Overload.Site;

/// <summary>Reads the program's own meters several times a second and keeps the highest of each.</summary>
internal sealed class MeterWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly MeterListener _listener = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly ConcurrentDictionary<string, long> _highest = new();
    private readonly Task _loop;
    private long _heap;

    public MeterWatch()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Lifecycle.", StringComparison.Ordinal)
                || instrument.Name == "kestrel.active_connections") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
        _loop = Task.Run(WatchAsync);
    }

    /// <summary>Bytes on the managed heap, at the highest.</summary>
    public long HeapBytes => Interlocked.Read(ref _heap);

    /// <summary>Connections that the web server has open.</summary>
    public long Connections => _sums.GetValueOrDefault("kestrel.active_connections");

    /// <summary>The highest since <see cref="Forget"/>; null of what the program does not measure.</summary>
    public long? Highest(string name) => _highest.TryGetValue(name, out var value) ? value : null;

    public void Forget()
    {
        _highest.Clear();
        Interlocked.Exchange(ref _heap, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            _listener.RecordObservableInstruments();
            var heap = GC.GetTotalMemory(forceFullCollection: false);
            if (heap > HeapBytes) Interlocked.Exchange(ref _heap, heap);
            await Task.Delay(Every, CancellationToken.None);
        }
    }

    private void Take(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var tag in tags)
            if (tag.Key is "kind" or "code") name += $" {tag.Value}";
        // Gauges say what is; the others what was added.
        if (!instrument.IsObservable) value = _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        _highest.AddOrUpdate(name, value, (_, highest) => Math.Max(highest, value));
    }
}
