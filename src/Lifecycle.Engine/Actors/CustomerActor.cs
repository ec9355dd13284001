using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
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
public sealed partial class CustomerActor
{
    private readonly ActorServices _services;
    private TurnLock _turn;

    // Guarded by the actor itself, which nobody else locks. Submissions in the order they were handed over; the last
    // one's After is the head. Null while there is none.
    private List<Submission>? _inFlight;
    private int _users;
    private int _inputs;
    private int _requests;
    private volatile bool _retired;
    private volatile bool _doubted;

    // Written inside a turn. An actor that has handed nothing over needs no activation.
    private Activation? _activation;
    private Head? _head;
    private byte[]? _secret;
    private string _id = "";

    private volatile Head? _committed;
    private Head? _offered;

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
        // Also where the caller leaves before: what is under way is counted until it is done.
        var gathering = new Gathering(1, () => Release(deliveries.Count));
        var request = new PendingRequest(addressed, id, deliveries, gathering) { Register = register };
        Admit(deliveries);
        try
        {
            await BeginAsync(request, cancel);
        }
        catch
        {
            // It was never handed over: nobody answers it.
            Release(deliveries.Count);
            throw;
        }

        await gathering.WaitAsync(cancel);
        if (request.Fault is { } fault) throw fault;
        return new(request.Outcomes, request.Redirect);
    }

    /// <summary>
    /// Decides a request and hands over what came of it; it is answered once that is durable. Where nothing has to be
    /// waited for, it is done when this returns, and has made no task.
    /// </summary>
    /// <exception cref="UnavailableException">It cannot be had now; it will not be answered.</exception>
    internal async ValueTask BeginAsync(PendingRequest request, CancellationToken cancel)
    {
        await _turn.EnterAsync(this, cancel);
        try
        {
            EnsureOpen();
            if (request.Id.Length > 0) _id = request.Id;
            await ActivateAsync(CancellationToken.None);
            await DecideAsync(request, probeAll: false);
        }
        catch (Exception e) when (Unavailable(e) is { } unavailable)
        {
            throw unavailable;
        }
        finally
        {
            _turn.Leave(this);
        }
    }

    /// <summary>Counts a request's inputs in, until they are released.</summary>
    /// <exception cref="UnavailableException">There are too many already.</exception>
    internal void Admit(IReadOnlyList<Delivery> deliveries)
    {
        lock (this)
        {
            if (TooMany(deliveries) is { } what)
                throw new UnavailableException(
                    UnavailableCodes.Overloaded, $"Too many {what} for this customer are under way.",
                    TimeSpan.FromSeconds(1));
            Interlocked.Add(ref _inputs, deliveries.Count);
            Interlocked.Increment(ref _requests);
        }
    }

    /// <summary>Without the lock: whoever answers a request may hold that of another customer.</summary>
    internal void Release(int inputs)
    {
        Interlocked.Add(ref _inputs, -inputs);
        Interlocked.Decrement(ref _requests);
    }

    private string? TooMany(IReadOnlyList<Delivery> deliveries)
    {
        // What is half done ends sooner than it is refused: others wait for it.
        if (_requests == 0 || deliveries is [{ Input: Input.Join or Input.Rejoin or Input.Settle }, ..]) return null;
        // A request that is larger than the maximum goes alone: told to come back, it would be told so for ever.
        if (_requests >= _services.Options.CustomerRequestsInFlightMax) return "requests";
        return _inputs + deliveries.Count > _services.Options.CustomerInputsInFlightMax ? "inputs" : null;
    }

    /// <summary>Runs the ticks that are due, unless the customer is in back-fill; done when they are durable.</summary>
    public async Task TickAsync(CancellationToken cancel)
    {
        var gathering = new Gathering(1);
        var request = new PendingRequest(Key, "", [], gathering);
        await TurnAsync(() => RunDueAsync(request), cancel);
        await gathering.WaitAsync(cancel);
        if (request.Fault is { } fault) throw fault;
    }

    /// <summary>
    /// The committed head, from memory or the store; <see cref="Head.Empty"/> for an unknown customer.
    /// </summary>
    public async ValueTask<Head> ReadAsync(CancellationToken cancel)
    {
        _services.Gate.EnsureOpen();
        if (Readable is { } committed) return committed;
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

    /// <summary>A head that somebody kept: the next load starts from it, if the journal still knows it.</summary>
    internal void Offer(Head head) => Volatile.Write(ref _offered, head);

    /// <summary>The committed head, if it is in memory.</summary>
    internal Head? Resident => _committed ?? Peek();

    /// <summary>
    /// What is in memory may be of a history that went on without it: it is folded anew before it answers. What is
    /// being written is left to the journal, which takes it only if it builds on the stored head.
    /// </summary>
    internal void Doubt()
    {
        lock (this) _doubted = true;
    }

    /// <summary>Counts a caller in; false once the actor has left memory.</summary>
    internal bool TryEnter()
    {
        lock (this)
        {
            if (_retired) return false;
            _users++;
            return true;
        }
    }

    internal void Exit()
    {
        lock (this) _users--;
    }

    /// <summary>Leaves memory if nobody uses it and nothing is being written.</summary>
    internal bool TryRetire()
    {
        lock (this)
        {
            if (_users > 0 || _inFlight is not null) return false;
            _retired = true;
            // Whoever still knows of the actor keeps little.
            (_head, _committed, _packed, _settled, _status, _seen) = (null, null, null, null, null, null);
            return true;
        }
    }

    /// <summary>The writer's word: durable up to this submission.</summary>
    internal void Committed(Submission submission)
    {
        lock (this)
        {
            Remove(submission);
            _committed = submission.After;
        }

        submission.Complete(_services.Counts);
    }

    private async Task TurnAsync(Func<Task> turn, CancellationToken cancel)
    {
        await _turn.EnterAsync(this, cancel);
        try
        {
            EnsureOpen();
            await turn();
        }
        catch (Exception e) when (Unavailable(e) is { } unavailable)
        {
            throw unavailable;
        }
        finally
        {
            _turn.Leave(this);
        }
    }

    private void EnsureOpen()
    {
        _services.Gate.EnsureOpen();
        if (_services.Isolation.Find(Key) is { } reason) throw Isolated(reason);
    }

    /// <summary>What the caller is told of a fault; null for what is none of the environment or of the data.</summary>
    private UnavailableException? Unavailable(Exception fault)
    {
        switch (fault)
        {
            case StoreException or ObjectDisposedException:
                return new(
                    UnavailableCodes.Unavailable, "The store cannot be reached or written now.",
                    TimeSpan.FromSeconds(2), fault);
            case CodecException:
                _services.Isolation.Report(Key, fault);
                return Isolated(fault.Message);
            case UnsealException unseal:
                return Sealed(unseal);
            default:
                return null;
        }
    }

    internal static UnavailableException Sealed(UnsealException cause) => new(
        UnavailableCodes.Isolated,
        $"This customer's private data cannot be read: {cause.Message} An operator has to look at it.",
        TimeSpan.FromMinutes(5), cause);

    internal static UnavailableException Isolated(string reason) => new(
        UnavailableCodes.Isolated, $"This customer's journal cannot be folded: {reason} An operator has to look at it.",
        TimeSpan.FromMinutes(5));

    /// <summary>Makes the head ready; after a failed batch that includes deciding the waiting inputs anew.</summary>
    private ValueTask ActivateAsync(CancellationToken cancel)
    {
        if (_activation is { Poisoned: true } failed) return new(RecoverAndLoadAsync(failed, cancel));
        Renew();
        if (_head is null) Wake();
        return _head is null ? new(LoadAsync(cancel)) : ValueTask.CompletedTask;
    }

    private async Task RecoverAndLoadAsync(Activation failed, CancellationToken cancel)
    {
        await RecoverAsync(failed);
        Renew();
        if (_head is null) await LoadAsync(cancel);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        _services.Gate.EnsureSettled();
        var start = _services.Counts.Now;
        _seen = null;
        _head = Interlocked.Exchange(ref _offered, null) is { } known
            ? await _services.Loader.LoadAsync(Key, known, cancel)
            : await _services.Loader.LoadAsync(Key, cancel);
        _committed = _head;
        _services.Counts.Activated(start);
    }

    /// <summary>Forgets what is in doubt, once nothing of it is being written any more.</summary>
    private void Renew()
    {
        lock (this)
        {
            if (!_doubted || _inFlight is not null) return;
            _head = null;
            _committed = null;
            _packed = null;
            _secret = null;
            _doubted = false;
        }
    }

    /// <summary>What is under way of an input, found by its key.</summary>
    private JournalRow? FindInFlight(Hash16 key)
    {
        lock (this)
        {
            if (_inFlight is null) return null;
            foreach (var submission in _inFlight)
                foreach (var row in submission.Rows)
                    if (row.EventKey == key) return row;
        }

        return null;
    }

    private async ValueTask SubmitAsync(Draft draft, PendingRequest? request)
    {
        var submission = draft.Rows.Count == 0
            ? null
            : new Submission(this, _activation ??= new(), draft.Head, draft.Rows)
            {
                Customer = draft.Rows[0].Seq == 1 && _id.Length > 0 ? new(Key, _id, draft.Rows[0].RecordedAt) : null,
                Register = request?.Register,
                Secret = draft.NewSecret,
            };
        lock (this)
        {
            if (submission is not null) (_inFlight ??= new(1)).Add(submission);
            if (request is not null && _inFlight is [.., var last]) last.Add(request);
            // What a fork decides is answered and never happened.
            else request?.Complete(_fork is null ? _services.Counts : null);
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
            Remove(submission);
            _head = null;
            _secret = null;
            throw;
        }
    }

    private void Remove(Submission submission)
    {
        lock (this)
        {
            if (_inFlight is null) return;
            _inFlight.Remove(submission);
            if (_inFlight.Count == 0) _inFlight = null;
        }
    }
}
