using System.Globalization;
using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>The writers and readers of a run, and what is known of all that they sent and saw.</summary>
internal sealed class TrafficOfRun : IDisposable
{
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<Reader> _readers = [];
    private readonly Writing _writing;
    private readonly int _seed;
    private Task _writers = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private int _drawn;

    public TrafficOfRun(int seed, int customers, Faults faults, bool isRepeatedInside = false)
    {
        (_seed, Faults) = (seed, faults);
        Ledger = new Ledger(faults, isRepeatedInside);
        Sightings = new Sightings(faults);
        Customers = new Customers(customers);
        _writing = new Writing(Door, Ledger, Sightings, faults);
    }

    public Door Door { get; } = new();

    public Faults Faults { get; }

    public Ledger Ledger { get; }

    public Sightings Sightings { get; }

    public Customers Customers { get; }

    public Writing Writing => _writing;

    /// <summary>Answers of 429 and 503 to writers.</summary>
    public long Later => _writing.Later;

    public long Reads
    {
        get
        {
            lock (_readers) return _readers.Sum(reader => reader.Reads);
        }
    }

    public void Start(int writers, int readers)
    {
        _writers = Task.WhenAll(Enumerable.Range(0, writers).Select(i => Task.Run(() => NewWriter(i))));
        _reading = Task.WhenAll(
            Enumerable.Range(0, readers).Select(_ => Task.Run(() => NewReader().RunAsync(_cancel.Token))));
    }

    /// <summary>A reader of the caller's own.</summary>
    public Reader NewReader()
    {
        var reader = new Reader(Door, Customers, Sightings, NextRandom(), Faults);
        lock (_readers) _readers.Add(reader);
        return reader;
    }

    /// <summary>
    /// A few new inputs to a server of the caller's choice, once; answers how many requests it settled.
    /// </summary>
    public async Task<int> WriteToAsync(Site site, string name, int requests, CancellationToken cancel)
    {
        var maker = new InputMaker(name, NextRandom(), Customers, TimeProvider.System);
        var settled = 0;
        for (var i = 0; i < requests; i++)
            if (await _writing.SendAsync(site, maker.Next(), cancel)) settled++;
        return settled;
    }

    /// <summary>Waits until so many more inputs are acknowledged.</summary>
    /// <exception cref="TimeoutException">They were not, in that time.</exception>
    public async Task FlowAsync(int inputs, TimeSpan patience, CancellationToken cancel)
    {
        var until = Door.Acknowledged + inputs;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ends.CancelAfter(patience);
        try
        {
            while (Door.Acknowledged < until) await Task.Delay(10, ends.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"No {inputs} inputs were acknowledged within {patience.TotalSeconds:F0} s.");
        }
    }

    /// <summary>Nothing new is sent; what is open is sent until it is answered.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _writers.WaitAsync(EndMax);
        }
        catch (TimeoutException)
        {
            Faults.Add("What was open at the end was not answered within a minute.");
        }

        await _cancel.CancelAsync();
        await Task.WhenAll(_writers, _reading);
    }

    public void Dispose()
    {
        _cancel.Cancel();
        _stop.Dispose();
        _cancel.Dispose();
    }

    private Task NewWriter(int number)
    {
        var name = "w" + number.ToString(CultureInfo.InvariantCulture);
        var maker = new InputMaker(name, NextRandom(), Customers, TimeProvider.System);
        return new Writer(Door, _writing, maker, NextRandom(), Faults).RunAsync(_stop.Token, _cancel.Token);
    }

    private Random NextRandom() => new(unchecked(_seed * 7919 + Interlocked.Increment(ref _drawn)));
}
