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
/// failed until the list is read again, its instant is a barrier that <see cref="Schedule"/> does not let pass.
/// </remarks>
public sealed partial class ProgramBook(IStore store, TimeProvider time, ILogger<ProgramBook> logger)
{
    /// <summary>A change takes effect at least this much later, so that every process knows it by then.</summary>
    public static readonly TimeSpan EffectiveDelay = TimeSpan.FromSeconds(2);

    private readonly object _turnGate = new();
    private TurnLock _turn;

    // Guarded by _turn. Versions never change, so that each is read once.
    private readonly Dictionary<int, Program> _read = [];

    private long _unknownFrom = Instant.Never.Micros;
    private volatile KnownPrograms? _known;

    /// <summary>Another program rules at some instant than was known before.</summary>
    public event Action? Changed;

    /// <summary>Set once <see cref="LoadAsync"/> is done.</summary>
    public KnownPrograms Known =>
        _known ?? throw new InvalidOperationException("The programs are not loaded yet.");

    /// <summary>Which program rules when; certain up to now.</summary>
    /// <exception cref="UnavailableException">It is not known what rules now.</exception>
    public ProgramSchedule Schedule
    {
        get
        {
            // In this order: what is known is replaced before the barrier goes away.
            var unknownFrom = Interlocked.Read(ref _unknownFrom);
            if (unknownFrom != Instant.Never.Micros && Now.Micros >= unknownFrom)
            {
                throw new UnavailableException(
                    UnavailableCodes.Unavailable, "It is not known which program rules now: the list cannot be read.",
                    TimeSpan.FromSeconds(1));
            }

            return Known.Schedule;
        }
    }

    private Instant Now => Instant.From(time.GetUtcNow());

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
        var programs = await store.Registry.ReadProgramsAsync(cancel);
        var activations = await store.Registry.ReadActivationsAsync(cancel);
        if (!IsTaken(document, isShipped, programs, activations)) await TakeAsync(document, activations, cancel);
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

    /// <summary>Reads the list again if it is in doubt; called from time to time.</summary>
    public async Task ConfirmAsync(CancellationToken cancel)
    {
        if (Interlocked.Read(ref _unknownFrom) == Instant.Never.Micros) return;
        try
        {
            await RefreshAsync(cancel);
        }
        catch (StoreException e)
        {
            EngineLog.ProgramsUnread(logger, e);
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
    /// Before anything runs: an empty journal can still be given a program that rules from the beginning.
    /// </summary>
    private async Task TakeAsync(
        string document, IReadOnlyList<StoredActivation> activations, CancellationToken cancel)
    {
        var program = Parse(document, version: 1);
        var standing = activations.LastOrDefault(a => a.WithdrawnAt is null);
        var isUnused = standing is null || standing.EffectiveAt == Instant.Earliest;
        var effectiveAt = isUnused && await store.Journal.ReadHeadAsync(cancel) == 0
            ? Instant.Earliest
            : Instant.Max(Now.Plus(EffectiveDelay), standing?.EffectiveAt ?? Instant.Earliest);
        if (standing is not null && effectiveAt != Instant.Earliest)
        {
            await RefreshAsync(cancel);
            if (ProgramDocument.CheckCurrency(document, program, _read[standing.Version].Currency) is { } error)
                throw new InvalidProgramDocumentException([error]);
        }

        var stored = await store.Registry.AddProgramAsync(document, Now, cancel);
        await store.Registry.AddActivationAsync(stored.Version, effectiveAt, Now, ActivationOrigins.Start, cancel);
    }

    /// <summary>Inside a turn.</summary>
    private async Task ReadAsync(CancellationToken cancel)
    {
        var programs = await store.Registry.ReadProgramsAsync(cancel);
        var activations = await store.Registry.ReadActivationsAsync(cancel);
        Publish([.. programs], [.. activations]);
        Interlocked.Exchange(ref _unknownFrom, Instant.Never.Micros);
    }

    private void Publish(ImmutableArray<StoredProgram> programs, ImmutableArray<StoredActivation> activations)
    {
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
        return _read[version] = Parse(programs.First(p => p.Version == version).Document, version);
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
