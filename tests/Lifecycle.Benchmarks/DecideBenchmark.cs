using System.Diagnostics;
using System.Globalization;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks;

/// <summary>
/// What one small event costs the processor on one thread: from JSON to the encoded, hashed row, with no engine around
/// it. It ends with a hash over all rows: two versions that decide and store the same print the same.
/// </summary>
internal static class DecideBenchmark
{
    private const int Customers = 100_000;
    private const int PerBody = 100;
    private const int EventsMax = 100_000;
    private const int Runs = 5;

    /// <param name="days">
    /// Over how many days; by default a week (what customers did lately) and a year (the first customers do something
    /// in every hour of it).
    /// </param>
    public static int Run(string[] days)
    {
        foreach (var span in days.Length > 0 ? days : ["7", "365"])
            Run(int.Parse(span, CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Run(int days)
    {
        var start = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var bodies = Bodies(start, TimeSpan.FromDays(days));
        var (parse, decide) = (new Section(bodies.Count), new Section(bodies.Count));
        var turns = Measure(bodies, start, parse, decide);
        for (var run = 1; run < Runs; run++) turns = Measure(bodies, start, parse, decide);
        var events = bodies.Count * (long)PerBody;
        Console.WriteLine(
            $"{events:N0} events of up to {Customers:N0} customers (Zipf 1.0) over {days} days, " +
            $"{bodies.Average(body => body.Length) / PerBody:N0} bytes each: parse {parse.PerItem(events)}; " +
            $"decide, encode, hash {decide.PerItem(events)}, {decide.Micros / turns.Entries:0.00} µs for each of " +
            $"{turns.Entries:N0} entries; rows {turns.Sum}");
    }

    private static List<byte[]> Bodies(DateTimeOffset start, TimeSpan span)
    {
        var events = new SmallEvents(Customers, 1.0, seed: 4);
        return
        [
            .. Enumerable.Range(0, EventsMax / PerBody).Select(i => events.Lines(
                PerBody, start + span * (i * (double)PerBody / EventsMax), span * ((double)PerBody / EventsMax))),
        ];
    }

    private static Turns Measure(List<byte[]> bodies, DateTimeOffset start, Section parse, Section decide)
    {
        var now = Instant.From(start.AddYears(2));
        var limits = new EventReaderLimits(PerBody, 1 << 20);
        var turns = new Turns(now);
        GC.Collect();
        for (var i = 0; i < bodies.Count; i++)
        {
            parse.Begin();
            var reads = EventReader.Read(bodies[i], now, limits).Events;
            parse.End(i);
            decide.Begin();
            foreach (var read in reads) turns.Take(read);
            decide.End(i);
        }

        return turns;
    }

    /// <summary>The turns of actors, without actors.</summary>
    private sealed class Turns(Instant now)
    {
        private readonly InstallationSecret _secret = new(new byte[InstallationSecret.Size]);
        private readonly Dictionary<CustomerKey, Head> _heads = [];
        private readonly ProgramSchedule _programs =
            new([new(ProgramDocument.Parse(ShippedPrograms.Default, 1).Program!, Instant.Earliest)]);

        public long Entries { get; private set; }

        public Hash16 Sum { get; private set; }

        public void Take(EventRead read)
        {
            var key = _secret.CustomerKeyOf(read.Customer!);
            var delivery = new Delivery(read.Event!, Historical: true);
            var identity = InputIdentity.Of(_secret, key, delivery);
            var draft = new Draft(key, _heads.GetValueOrDefault(key) ?? Head.Empty, now);
            var at = Instant.Max(draft.Head.State.At, delivery.Input.OccurredAt);
            draft.RunTicks(_programs, at, true, int.MaxValue);
            if (!Decider.Needs(draft.Head.State, delivery.Input).IsNothing)
                throw new InvalidOperationException("These events need no older ones.");
            var decided = Decider.Decide(draft.Head.State, delivery.Input, [], _programs.At(at), at);
            draft.Append(delivery.Input, (Decision.Accepted)decided, _programs.At(at), at, true, identity);
            Entries += draft.Rows.Count;
            _heads[key] = draft.Head;
            Sum = new(Sum.High * 31 + draft.Head.Hash.High, Sum.Low * 31 + draft.Head.Hash.Low);
        }
    }

    /// <summary>
    /// The same work in each run: of each part the shortest time counts, which leaves out what else the machine did.
    /// </summary>
    private sealed class Section(int parts)
    {
        private readonly long[] _ticks = [.. Enumerable.Repeat(long.MaxValue, parts)];
        private readonly long[] _bytes = new long[parts];
        private long _began;
        private long _allocated;

        public double Micros => _ticks.Sum() * 1e6 / Stopwatch.Frequency;

        public void Begin()
        {
            _allocated = GC.GetAllocatedBytesForCurrentThread();
            _began = Stopwatch.GetTimestamp();
        }

        public void End(int part)
        {
            _ticks[part] = Math.Min(_ticks[part], Stopwatch.GetTimestamp() - _began);
            _bytes[part] = GC.GetAllocatedBytesForCurrentThread() - _allocated;
        }

        public string PerItem(long items) => $"{Micros / items:0.00} µs {_bytes.Sum() / (double)items:N0} B";
    }
}
