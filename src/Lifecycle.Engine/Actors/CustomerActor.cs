using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// The single writer of one customer: decides inputs against its head while earlier entries are still being written,
/// and answers when what it decided on is durable. Readers see committed state only.
/// </summary>
/// <remarks>
/// Invariants. Turns run one at a time. <c>_head</c> is the committed head plus everything handed over and not failed.
/// Every request is answered exactly once: when its submission is durable, or when nothing can be done for it. After a
/// failed batch the inputs of every waiting request are decided anew, in the order in which they arrived.
/// </remarks>
public sealed partial class CustomerActor : IDisposable
{
    private readonly ActorServices _services;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();

    // Guarded by _gate. Submissions in the order they were handed over; the last one's After is the head.
    private readonly List<Submission> _inFlight = [];
    private int _users;
    private int _inputs;
    private volatile bool _retired;
    private volatile bool _doubted;

    // Written inside a turn.
    private Activation _activation = new();
    private Head? _head;
    private byte[]? _secret;
    private string _id = "";

    private volatile Head? _committed;

    internal CustomerActor(CustomerKey key, ActorServices services)
    {
        Key = key;
        _services = services;
    }

    public CustomerKey Key { get; }

    /// <summary>Applies inputs; one outcome each, in order.</summary>
    /// <param name="addressed">The key of the id that the caller used.</param>
    /// <param name="id">The customer's own id; empty where the caller does not know it.</param>
    /// <param name="register">A customer to be stored with what is decided.</param>
    /// <exception cref="UnavailableException">It cannot be had now; nothing of it was acknowledged.</exception>
    internal async Task<Answer> ApplyAsync(
        CustomerKey addressed, string id, IReadOnlyList<Delivery> deliveries, CancellationToken cancel,
        NewCustomer? register = null)
    {
        Admit(deliveries.Count);
        try
        {
            var request = new PendingRequest(addressed, deliveries) { Register = register };
            await TurnAsync(() => HandleAsync(request, id), cancel);
            return new(await request.Answer.WaitAsync(cancel), request.Redirect);
        }
        finally
        {
            lock (_gate) _inputs -= deliveries.Count;
        }
    }

    /// <summary>Runs the ticks that are due, unless the customer is in back-fill; done when they are durable.</summary>
    public async Task TickAsync(CancellationToken cancel)
    {
        var request = new PendingRequest(Key, []);
        await TurnAsync(() => RunDueAsync(request), cancel);
        await request.Answer.WaitAsync(cancel);
    }

    /// <summary>
    /// The committed head, from memory or the store; <see cref="Head.Empty"/> for an unknown customer.
    /// </summary>
    public async ValueTask<Head> ReadAsync(CancellationToken cancel)
    {
        _services.Gate.EnsureOpen();
        if (!_doubted && _committed is { } committed) return committed;
        Head? read = null;
        await TurnAsync(
            async () =>
            {
                await ActivateAsync(cancel);
                read = _doubted || _committed is null ? await _services.Loader.LoadAsync(Key, cancel) : _committed;
            },
            cancel);
        return read!;
    }

    /// <summary>The committed head, if it is in memory.</summary>
    internal Head? Resident => _committed;

    /// <summary>
    /// What is in memory may be of a history that went on without it: it is folded anew before it answers. What is
    /// being written is left to the journal, which takes it only if it builds on the stored head.
    /// </summary>
    internal void Doubt()
    {
        lock (_gate) _doubted = true;
    }

    /// <summary>Counts a caller in; false once the actor has left memory.</summary>
    internal bool TryEnter()
    {
        lock (_gate)
        {
            if (_retired) return false;
            _users++;
            return true;
        }
    }

    internal void Exit()
    {
        lock (_gate) _users--;
    }

    /// <summary>Leaves memory if nobody uses it and nothing is being written.</summary>
    internal bool TryRetire()
    {
        lock (_gate)
        {
            if (_users > 0 || _inFlight.Count > 0) return false;
            _retired = true;
            // Whoever still knows of the actor keeps little.
            (_head, _committed, _settled, _status) = (null, null, null, null);
            return true;
        }
    }

    /// <summary>The writer's word: durable up to this submission.</summary>
    internal void Committed(Submission submission)
    {
        lock (_gate)
        {
            _inFlight.Remove(submission);
            _committed = submission.After;
        }

        foreach (var request in submission.Requests) request.Complete();
    }

    public void Dispose() => _turn.Dispose();

    private void Admit(int inputs)
    {
        lock (_gate)
        {
            // A request that is larger than the maximum goes alone: told to come back, it would be told so for ever.
            if (_inputs > 0 && _inputs + inputs > _services.Options.CustomerInputsInFlightMax)
                throw new UnavailableException(
                    UnavailableCodes.Overloaded, "Too many inputs for this customer are under way.",
                    TimeSpan.FromSeconds(1));
            _inputs += inputs;
        }
    }

    private async Task TurnAsync(Func<Task> turn, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            _services.Gate.EnsureOpen();
            if (_services.Isolation.Find(Key) is { } reason) throw Isolated(reason);
            await turn();
        }
        catch (Exception e) when (e is StoreException or ObjectDisposedException)
        {
            throw new UnavailableException(
                UnavailableCodes.Unavailable, "The store cannot be reached or written now.", TimeSpan.FromSeconds(2),
                e);
        }
        catch (CodecException e)
        {
            _services.Isolation.Report(Key, e);
            throw Isolated(e.Message);
        }
        catch (UnsealException e)
        {
            throw Sealed(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    internal static UnavailableException Sealed(UnsealException cause) => new(
        UnavailableCodes.Isolated,
        $"This customer's private data cannot be read: {cause.Message} An operator has to look at it.",
        TimeSpan.FromMinutes(5), cause);

    internal static UnavailableException Isolated(string reason) => new(
        UnavailableCodes.Isolated, $"This customer's journal cannot be folded: {reason} An operator has to look at it.",
        TimeSpan.FromMinutes(5));

    private async Task HandleAsync(PendingRequest request, string id)
    {
        if (id.Length > 0) _id = id;
        await ActivateAsync(CancellationToken.None);
        await DecideAsync(request, probeAll: false);
    }

    /// <summary>Makes the head ready; after a failed batch that includes deciding the waiting inputs anew.</summary>
    private async Task ActivateAsync(CancellationToken cancel)
    {
        if (_activation.Poisoned) await RecoverAsync(_activation);
        lock (_gate)
        {
            if (_doubted && _inFlight.Count == 0)
            {
                _head = null;
                _committed = null;
                _secret = null;
                _doubted = false;
            }
        }

        if (_head is not null) return;
        _head = await _services.Loader.LoadAsync(Key, cancel);
        _committed = _head;
    }

    /// <summary>What is under way of an input, found by its key.</summary>
    private JournalRow? FindInFlight(Hash16 key)
    {
        lock (_gate)
        {
            foreach (var submission in _inFlight)
                foreach (var row in submission.Rows)
                    if (row.EventKey == key) return row;
        }

        return null;
    }

    private async Task SubmitAsync(Draft draft, PendingRequest? request)
    {
        Submission? submission = null;
        lock (_gate)
        {
            if (draft.Rows.Count > 0)
            {
                submission = new Submission(this, _activation, draft.Head)
                {
                    Rows = draft.Rows,
                    Customer = draft.Rows[0].Seq == 1 && _id.Length > 0
                        ? new(Key, _id, draft.Rows[0].RecordedAt)
                        : null,
                    Register = request?.Register,
                    Secret = draft.NewSecret,
                };
                _inFlight.Add(submission);
            }

            var last = _inFlight.Count > 0 ? _inFlight[^1] : null;
            if (request is not null && last is not null) last.Requests.Add(request);
            else request?.Complete();
        }

        _head = draft.Head;
        _secret = draft.CustomerSecret;
        if (submission is null || _fork is not null) return;
        try
        {
            await _services.Writer.WriteAsync(submission);
        }
        catch
        {
            // What was handed over before it is written still; the next turn, if there is one, folds the store.
            lock (_gate) _inFlight.Remove(submission);
            _head = null;
            _secret = null;
            throw;
        }
    }
}
