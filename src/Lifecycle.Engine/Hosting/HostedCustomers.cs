using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// What every host does alike, wherever it runs the actors: it follows ids to their customer, merges, and answers
/// questions from a head and the journal. A host says how one actor is asked.
/// </summary>
internal abstract partial class HostedCustomers(ActorServices services) : ICustomers
{
    private int _inputsInFlight;

    protected ActorServices Services { get; } = services;

    /// <summary>Inputs under way in the process.</summary>
    public int InputsInFlight => Volatile.Read(ref _inputsInFlight);

    /// <inheritdoc/>
    public abstract Task ApplyAsync(IReadOnlyList<CustomerInputs> customers, CancellationToken cancel);

    /// <inheritdoc/>
    public abstract ValueTask<StatusReading?> StatusAsync(
        string customer, PointInTime when, CancellationToken cancel);

    public async Task<ImmutableArray<Outcome>> ApplyAsync(
        string customer, IReadOnlyList<Delivery> deliveries, CancellationToken cancel)
    {
        var inputs = new CustomerInputs(customer, deliveries);
        await ApplyAsync([inputs], cancel);
        if (inputs.Fault is { } fault) ExceptionDispatchInfo.Throw(fault);
        return inputs.Outcomes;
    }

    public async Task<CustomerView?> ViewAsync(string customer, PointInTime when, CancellationToken cancel)
    {
        var asked = Services.Secret.CustomerKeyOf(customer);
        if (!when.IsNow) return await PastViewAsync(asked, when, cancel);
        var (key, head, instant) = await FollowAsync(asked, cancel);
        if (head.Seq == 0) return null;
        var view = Views.At(Settle(key, head, instant), instant);
        return await NamedAsync(view, asked, key, head, cancel);
    }

    public async Task<Explanation?> ExplainAsync(
        string customer, string field, PointInTime when, int limit, CancellationToken cancel)
    {
        var explainer = Explainer.For(field) ?? throw new ArgumentException(
            $"'{field}' cannot be explained. These can: {string.Join(", ", Explainer.Fields)}.", nameof(field));
        var asked = Services.Secret.CustomerKeyOf(customer);
        var (key, past, instant) = await FollowPastAsync(asked, when, cancel);
        return await GuardAsync(key, async () =>
        {
            if (past.Head.Seq == 0) return null;
            var late = new LateFacts(past.Head.Seq, instant);
            var programs = ProgramsOf(when, instant);
            var settled = Views.Settle(past.Head.State, programs, instant);
            var explaining = explainer.Begin(new(settled, past.Facts, programs, instant), limit);
            await foreach (var row in Services.Loader.ReadAsync(key, cancel))
            {
                if (row.Seq > past.KnownSeq) break;
                var entry = EntryCodec.Decode(row);
                explaining.Take(entry, row.Seq <= past.Head.Seq ? entry.Effects : late.Of(entry));
            }

            foreach (var due in Views.Roll(past.Head.State, programs, instant).Ticks) explaining.TakeDue(due);
            return key == asked
                ? explaining.Result
                : explaining.Result with { Customer = (await IdsOfAsync([key], cancel))[0] };
        });
    }

    public async Task<IReadOnlyList<Entry>?> EntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel)
    {
        var asked = Services.Secret.CustomerKeyOf(customer);
        var (key, _, _) = await FollowAsync(asked, cancel);
        return await EntriesAsync(key, beforeSeq, limit, cancel);
    }

    public Task<IReadOnlyList<Entry>?> OwnEntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel) =>
        EntriesAsync(Services.Secret.CustomerKeyOf(customer), beforeSeq, limit, cancel);

    public async Task TickAsync(CustomerKey customer, CancellationToken cancel)
    {
        if (await TickAtAsync(customer, cancel)) await FinishAsync(customer, cancel);
    }

    /// <summary>The committed head of a customer: of that id, not of the one that it leads to.</summary>
    /// <exception cref="UnavailableException">It cannot be had now.</exception>
    protected abstract ValueTask<Head> HeadAsync(CustomerKey key, CancellationToken cancel);

    /// <summary>Has one actor decide inputs.</summary>
    /// <param name="at">Which one.</param>
    /// <param name="addressed">The key of the id that the caller used.</param>
    /// <param name="id">The customer's own id; empty where the caller does not know it.</param>
    /// <param name="register">A customer to be stored with what is decided.</param>
    /// <exception cref="UnavailableException">It cannot be had now; nothing of it was acknowledged.</exception>
    protected abstract Task<Answer> ApplyAtAsync(
        CustomerKey at, CustomerKey addressed, string id, IReadOnlyList<Delivery> deliveries, CancellationToken cancel,
        NewCustomer? register = null);

    /// <summary>Has one actor run what is due; answers whether something that it sent has not arrived yet.</summary>
    protected abstract Task<bool> TickAtAsync(CustomerKey key, CancellationToken cancel);

    /// <summary>A head with what is due by an instant.</summary>
    protected virtual SettledState Settle(CustomerKey key, Head head, Instant instant) =>
        Views.Settle(head.State, Services.ProgramsUntil(instant), instant);

    /// <summary>Counts inputs in, unless there are too many in the process.</summary>
    protected bool TryAdmit(int inputs)
    {
        // As for one customer: a request that is larger than the maximum goes alone.
        var inFlight = Interlocked.Add(ref _inputsInFlight, inputs);
        if (inFlight <= Services.Options.InputsInFlightMax || inFlight <= inputs) return true;
        Release(inputs);
        return false;
    }

    protected void Release(int inputs) => Interlocked.Add(ref _inputsInFlight, -inputs);

    protected static UnavailableException TooMany() =>
        new(UnavailableCodes.Overloaded, "Too many inputs are under way.", TimeSpan.FromSeconds(1));

    /// <summary>The committed head, and the instant to view it at.</summary>
    private async ValueTask<(Head Head, Instant Instant)> ReadAsync(CustomerKey key, CancellationToken cancel)
    {
        var head = await HeadAsync(key, cancel);
        // Read after the head: a view is never of an instant before its state's own.
        return (head, Instant.Max(Services.Now, head.State.At));
    }

    private Task<IReadOnlyList<Entry>?> EntriesAsync(
        CustomerKey key, long beforeSeq, int limit, CancellationToken cancel) =>
        GuardAsync<IReadOnlyList<Entry>?>(key, async () =>
        {
            Services.Gate.EnsureOpen();
            var rows = await Services.Store.Journal.ReadBackAsync(key, beforeSeq, limit, cancel);
            if (rows.Count == 0 && (await ReadAsync(key, cancel)).Head.Seq == 0) return null;
            var secret = rows.Count == 0 ? null : await Services.Store.Registry.ReadSecretAsync(key, cancel);
            var plainKey = secret is { } wrapped ? Services.Sealer.Unwrap(key, wrapped.Span) : null;
            return [.. rows.Select(row => Unseal(row, plainKey))];
        });

    private async Task<T> GuardAsync<T>(CustomerKey key, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (IsGuarded(e))
        {
            throw Guarded(key, e);
        }
    }

    protected static bool IsGuarded(Exception e) =>
        e is StoreException or ObjectDisposedException or CodecException or UnsealException;

    protected UnavailableException Guarded(CustomerKey key, Exception e)
    {
        if (e is CodecException) Services.Isolation.Report(key, e);
        return e switch
        {
            CodecException => CustomerActor.Isolated(e.Message),
            UnsealException cause => CustomerActor.Sealed(cause),
            _ => new(UnavailableCodes.Unavailable, "The store cannot be read now.", TimeSpan.FromSeconds(2), e),
        };
    }

    private static Entry Unseal(JournalRow row, byte[]? secret)
    {
        var (entry, sealedPart) = EntryCodec.DecodeSealed(row);
        if (sealedPart.IsEmpty || secret is null) return entry;
        var plain = CustomerSealer.Unseal(secret, sealedPart.Span, row.EventKey!.Value.ToArray());
        return entry with { Input = InputCodec.WithPrivate(entry.Input, plain) };
    }
}
