using System.Collections.Immutable;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Hosting;

/// <summary>The programs of the installation, by the instant from which on each rules.</summary>
/// <remarks>
/// Invariant: nothing is decided or shown for an instant at which it is not known for certain which program rules. A
/// change takes effect at least <see cref="EffectiveDelay"/> ahead; while it is being stored, and after a store that
/// failed until the list is read again, its instant is a barrier that <see cref="Until"/> does not let pass. In a store
/// that is shared there always is one: a list that was read at an instant of the store's clock is certain for the delay
/// after it, whatever this process's own clock says, and is read again long before.
/// </remarks>
public sealed partial class ProgramBook(IStore store, TimeProvider time, ILogger<ProgramBook> logger)
{
    /// <summary>A change takes effect at least this much later, so that every process knows it by then.</summary>
    public static readonly TimeSpan EffectiveDelay = ActivationList.Delay;

    /// <summary>How often the list of a store that is shared is read: a few readings may fail.</summary>
    public static readonly TimeSpan ConfirmEvery = TimeSpan.FromMilliseconds(400);

    /// <summary>Others who change the list at every attempt of a start are no others.</summary>
    private const int TakeAttemptsMax = 10;

    private readonly object _turnGate = new();
    private TurnLock _turn;

    // Guarded by _turn. Versions never change, so that each is read once.
    private readonly Dictionary<int, Program> _read = [];

    // The store's clock at the last reading, where it is shared. Guarded by _turn.
    private Instant? _clock;

    private long _unknownFrom = Instant.Never.Micros;
    private int _unread;
    private volatile KnownPrograms? _known;

    /// <summary>Another program rules at some instant than was known before.</summary>
    public event Action? Changed;

    /// <summary>Set once <see cref="LoadAsync"/> is done.</summary>
    public KnownPrograms Known =>
        _known ?? throw new InvalidOperationException("The programs are not loaded yet.");

    /// <summary>Which program rules when; certain up to now.</summary>
    /// <exception cref="UnavailableException">It is not known what rules now.</exception>
    public ProgramSchedule Schedule => Until(HasBarrier ? Now : Instant.Earliest);

    /// <summary>Whether it is known what rules now.</summary>
    public bool IsCertain => !HasBarrier || Now.Micros < Interlocked.Read(ref _unknownFrom);

    private bool HasBarrier => Interlocked.Read(ref _unknownFrom) != Instant.Never.Micros;

    private Instant Now => Instant.From(time.GetUtcNow());

    /// <summary>The store's clock, where other processes go by it too.</summary>
    private Instant Clock => _clock ?? Now;

    /// <summary>
    /// Which program rules when; certain up to an instant, itself included. An input is not always decided for now: a
    /// customer's last entry may be of another process's clock.
    /// </summary>
    /// <exception cref="UnavailableException">It is not known what rules then.</exception>
    public ProgramSchedule Until(Instant instant)
    {
        // In this order: what is known is replaced before the barrier goes away.
        if (instant.Micros < Interlocked.Read(ref _unknownFrom)) return Known.Schedule;
        throw new UnavailableException(
            UnavailableCodes.Unavailable, "It is not known which program rules now: the list cannot be read.",
            TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// Loads what is stored. A configured document that was not taken at an earlier start is stored and activated.
    /// </summary>
    /// <param name="document">The YAML that the configuration names, or the shipped default.</param>
    /// <param name="isShipped">
    /// The configuration names none. Then what rules stands: another release, or a setting that was forgotten, must
    /// not change the rules of customers.
    /// </param>
    /// <exception cref="InvalidProgramDocumentException">The document has errors.</exception>
    public async Task LoadAsync(string document, bool isShipped, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var activations = (await store.Registry.ReadActivationsAsync(cancel)).All;
            var programs = await store.Registry.ReadProgramsAsync(cancel);
            if (IsTaken(document, isShipped, programs, activations)) break;
            if (await TakeAsync(document, activations, cancel)) break;
            // Another process that starts on the same store was faster.
            if (attempt == TakeAttemptsMax)
                throw new StoreException("The configured program could not be activated: others change the list.");
        }

        await RefreshAsync(cancel);
        var last = Known.Last;
        EngineLog.ProgramLoaded(logger, _read[last.Version].Name, last.Version, last.EffectiveAt.ToString());
    }

    /// <summary>Reads the list again. What was in doubt is certain then.</summary>
    /// <exception cref="StoreException">It could not be read: what was known stays.</exception>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await _turn.EnterAsync(_turnGate, cancel);
        try
        {
            await ReadAsync(cancel);
        }
        finally
        {
            _turn.Leave(_turnGate);
        }
    }

    /// <summary>
    /// Reads the list again if it is in doubt; called from time to time, and every <see cref="ConfirmEvery"/> where the
    /// store is shared.
    /// </summary>
    public async Task ConfirmAsync(CancellationToken cancel)
    {
        if (!HasBarrier) return;
        try
        {
            await RefreshAsync(cancel);
            Volatile.Write(ref _unread, 0);
        }
        // A document of a later release may be one that this one cannot read.
        catch (Exception e) when (e is StoreException or InvalidProgramDocumentException)
        {
            if (Interlocked.Exchange(ref _unread, 1) == 0) EngineLog.ProgramsUnread(logger, e);
        }
    }

    private static bool IsTaken(
        string document, bool isShipped, IReadOnlyList<StoredProgram> programs,
        IReadOnlyList<StoredActivation> activations)
    {
        var standing = activations.Where(a => a.WithdrawnAt is null).ToList();
        if (standing.Count == 0) return false;
        if (isShipped) return true;
        return standing.FindLast(a => a.Origin == ActivationOrigins.Start) is { } taken
            && programs.First(p => p.Version == taken.Version).Document == document;
    }

    /// <summary>
    /// Before anything runs: an empty journal can still be given a program that rules from the beginning. Where others
    /// may run, only the first program of all is: false when another process gave one meanwhile.
    /// </summary>
    private async Task<bool> TakeAsync(
        string document, IReadOnlyList<StoredActivation> activations, CancellationToken cancel)
    {
        var program = Parse(document, version: 1);
        var standing = activations.LastOrDefault(a => a.WithdrawnAt is null);
        var isUnused = standing is null || (!store.IsShared && standing.EffectiveAt == Instant.Earliest);
        Instant? effectiveAt = isUnused && await store.Journal.ReadHeadAsync(cancel) == 0 ? Instant.Earliest : null;
        if (standing is not null && effectiveAt is null)
        {
            await RefreshAsync(cancel);
            if (ProgramDocument.CheckCurrency(document, program, _read[standing.Version].Currency) is { } error)
                throw new InvalidProgramDocumentException([error]);
        }

        var stored = await store.Registry.AddProgramAsync(document, Now, cancel);
        return await store.Registry.AddActivationAsync(
            stored.Version, effectiveAt, Now, ActivationOrigins.Start, cancel) is not null;
    }

    /// <summary>Inside a turn.</summary>
    private async Task ReadAsync(CancellationToken cancel)
    {
        var list = await store.Registry.ReadActivationsAsync(cancel);
        // Versions are never changed nor removed, so their number says whether there is a new one.
        var programs = _known is { } known && known.Programs.Length == list.Versions
            ? known.Programs
            : [.. await store.Registry.ReadProgramsAsync(cancel)];
        Publish(programs, [.. list.All]);
        _clock = list.Clock;
        var certainUntil = list.Clock?.Plus(EffectiveDelay) ?? Instant.Never;
        Interlocked.Exchange(ref _unknownFrom, certainUntil.Micros);
    }

    private void Publish(ImmutableArray<StoredProgram> programs, ImmutableArray<StoredActivation> activations)
    {
        if (_known is { } same && same.Programs.Length == programs.Length &&
            same.Activations.SequenceEqual(activations))
            return;
        var mark = KnownPrograms.MarkOf(activations);
        var before = _known;
        // The same schedule stays the same object: what actors keep for a schedule stays good.
        var schedule = before?.Mark == mark
            ? before.Schedule
            : new ProgramSchedule(activations.Where(a => a.WithdrawnAt is null)
                .Select(a => new ScheduledProgram(ReadOnce(programs, a.Version), a.EffectiveAt)));
        _known = new(programs, activations, schedule, mark);
        if (before is not null && before.Mark != mark) Changed?.Invoke();
    }

    private Program ReadOnce(ImmutableArray<StoredProgram> programs, int version)
    {
        if (_read.TryGetValue(version, out var program)) return program;
        var stored = programs.FirstOrDefault(p => p.Version == version)
            ?? throw new StoreException(
                $"The store has no program {version}, which it says is in effect. It is damaged: restore a backup.");
        return _read[version] = Parse(stored.Document, version);
    }

    private static Program Parse(string document, int version)
    {
        var result = ProgramDocument.Parse(document, version);
        return result.Program ?? throw new InvalidProgramDocumentException(result.Errors);
    }
}

/// <summary>A program document that cannot be used; the message lists every error with its line and column.</summary>
public sealed class InvalidProgramDocumentException(IEnumerable<ProgramError> errors) : Exception(
    "The program document has errors:" +
    string.Concat(errors.Select(e => $"{Environment.NewLine}  line {e.Line}, column {e.Column}: {e.Message}")));
