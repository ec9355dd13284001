using System.Collections.Immutable;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// Storing a program and letting it rule are two acts; the second can be taken back until it happens.
/// </summary>
public sealed partial class ProgramBook
{
    /// <summary>Everything that is wrong with a document here; nothing is stored.</summary>
    public ProgramResult Check(string document)
    {
        var result = ProgramDocument.Parse(document, version: 1);
        if (result.Program is not { } program) return result;
        var currency = Known.Schedule.Changes[^1].Program.Currency;
        return ProgramDocument.CheckCurrency(document, program, currency) is { } error
            ? new(null, [error])
            : result;
    }

    /// <summary>Stores a document under the next version; one that is stored already is answered as it is.</summary>
    /// <exception cref="StoreException">It may be stored or not: do it again.</exception>
    public Task<ProgramOutcome<StoredProgram>> StoreAsync(string document, CancellationToken cancel) =>
        TurnAsync<StoredProgram>(
            async known =>
            {
                var result = Check(document);
                if (result.Program is null) return new ProgramOutcome<StoredProgram>.Invalid(result.Errors);
                if (known.Programs.FirstOrDefault(p => p.Document == document) is { } stored)
                    return new ProgramOutcome<StoredProgram>.Done(stored, IsNew: false);
                if (known.Programs.Length >= ProgramLimits.VersionsMax)
                {
                    return new ProgramOutcome<StoredProgram>.Refused(
                        ProgramRefusals.TooManyPrograms,
                        $"There are {known.Programs.Length} versions: no more than {ProgramLimits.VersionsMax} are " +
                        "kept.");
                }

                var added = await store.Registry.AddProgramAsync(document, Now, CancellationToken.None);
                await SettleAsync(known.Programs.Add(added), known.Activations);
                return new ProgramOutcome<StoredProgram>.Done(added, IsNew: true);
            },
            cancel);

    /// <summary>Lets a stored version rule from an instant on; null for as soon as allowed.</summary>
    /// <exception cref="StoreException">It may be scheduled or not: do it again.</exception>
    public Task<ProgramOutcome<StoredActivation>> ActivateAsync(
        int version, Instant? effectiveAt, CancellationToken cancel) => TurnAsync<StoredActivation>(
            async known =>
            {
                if (known.Find(version) is not { } stored)
                    return new ProgramOutcome<StoredActivation>.Absent($"There is no program version {version}.");
                // One that an earlier release took, or that was stored before the currency was settled.
                if (Check(stored.Document) is { Program: null } result)
                    return new ProgramOutcome<StoredActivation>.Invalid(result.Errors);
                if (FindSame(known, version, effectiveAt) is { } same)
                    return new ProgramOutcome<StoredActivation>.Done(same, IsNew: false);
                var earliest = Clock.Plus(EffectiveDelay);
                if (Refuse(known, effectiveAt ?? earliest, earliest) is { } refused) return refused;
                // Time has passed since the turn was asked for, and passes until it is stored: the barrier holds. A
                // store that is shared looks at its own clock once more.
                var wanted = effectiveAt ?? (store.IsShared ? null : earliest);
                var added = await ChangeAsync(wanted, () => store.Registry.AddActivationAsync(
                    version, wanted, Now, ActivationOrigins.Api, CancellationToken.None));
                if (added is null)
                {
                    await SettleAsync(known.Programs, known.Activations);
                    earliest = Clock.Plus(EffectiveDelay);
                    return Refuse(Known, wanted ?? earliest, earliest) ?? new(
                        ProgramRefusals.InvalidEffectiveAt,
                        "Another activation was scheduled at this moment; try again.");
                }

                await SettleAsync(known.Programs, known.Activations.Add(added));
                EngineLog.ActivationScheduled(logger, added.Id, version, added.EffectiveAt.ToString());
                return new ProgramOutcome<StoredActivation>.Done(added, IsNew: true);
            },
            cancel);

    /// <summary>Takes an activation back before it takes effect.</summary>
    /// <exception cref="StoreException">It may be withdrawn or not: do it again.</exception>
    public Task<ProgramOutcome<StoredActivation>> WithdrawAsync(long id, CancellationToken cancel) =>
        TurnAsync<StoredActivation>(
            async known =>
            {
                if (known.Activations.FirstOrDefault(a => a.Id == id) is not { } activation)
                    return new ProgramOutcome<StoredActivation>.Absent($"There is no activation {id}.");
                if (activation.WithdrawnAt is not null)
                    return new ProgramOutcome<StoredActivation>.Done(activation, IsNew: false);
                if (Clock.Plus(EffectiveDelay) > activation.EffectiveAt) return InEffect(activation);
                var withdrawn = activation with { WithdrawnAt = Now };
                var isDone = await ChangeAsync(activation.EffectiveAt, () => store.Registry.WithdrawActivationAsync(
                    id, withdrawn.WithdrawnAt.Value, CancellationToken.None));
                await SettleAsync(known.Programs, known.Activations.Replace(activation, withdrawn));
                if (!isDone)
                {
                    // The last moment has passed meanwhile, or another process withdrew it.
                    return Known.Activations.First(a => a.Id == id) is { WithdrawnAt: not null } now
                        ? new ProgramOutcome<StoredActivation>.Done(now, IsNew: false)
                        : InEffect(activation);
                }

                EngineLog.ActivationWithdrawn(logger, id, activation.Version);
                return new ProgramOutcome<StoredActivation>.Done(withdrawn, IsNew: true);
            },
            cancel);

    private async Task<ProgramOutcome<T>> TurnAsync<T>(
        Func<KnownPrograms, Task<ProgramOutcome<T>>> act, CancellationToken cancel)
    {
        await _turn.EnterAsync(_turnGate, cancel);
        try
        {
            // Another process may have changed the list.
            await ReadAsync(cancel);
            return await act(Known);
        }
        finally
        {
            _turn.Leave(_turnGate);
        }
    }

    /// <summary>
    /// Stores what changes the rule from an instant on; until it is settled that instant is a barrier.
    /// </summary>
    /// <param name="from">Null for as soon as allowed.</param>
    private async Task<T> ChangeAsync<T>(Instant? from, Func<Task<T>> write)
    {
        // Of a store that is shared the list was read a moment ago: its barrier is before any change that may be made.
        if (!store.IsShared) Interlocked.Exchange(ref _unknownFrom, from!.Value.Micros);
        try
        {
            return await write();
        }
        catch (Exception e)
        {
            var unknownFrom = new Instant(Interlocked.Read(ref _unknownFrom));
            EngineLog.ProgramsUnconfirmed(logger, unknownFrom.ToString(), e);
            throw;
        }
    }

    /// <summary>What was stored is known. Others may have stored more: then all is read.</summary>
    private async Task SettleAsync(
        ImmutableArray<StoredProgram> programs, ImmutableArray<StoredActivation> activations)
    {
        if (store.IsShared)
        {
            await ReadAsync(CancellationToken.None);
            return;
        }

        Publish(programs, activations);
        Interlocked.Exchange(ref _unknownFrom, Instant.Never.Micros);
    }

    private static ProgramOutcome<StoredActivation>.Refused InEffect(StoredActivation activation) => new(
        ProgramRefusals.ActivationInEffect,
        $"Activation {activation.Id} rules from {TextOf(activation.EffectiveAt)} and can be withdrawn only until " +
        $"{EffectiveDelay.TotalSeconds:0} s before. To go back, activate the version before it again.");

    private static StoredActivation? FindSame(KnownPrograms known, int version, Instant? effectiveAt)
    {
        if (effectiveAt is null) return known.Last.Version == version ? known.Last : null;
        return known.Standing.LastOrDefault(a => a.Version == version && a.EffectiveAt == effectiveAt);
    }

    private ProgramOutcome<StoredActivation>.Refused? Refuse(KnownPrograms known, Instant wanted, Instant earliest)
    {
        var last = known.Last;
        if (wanted < earliest)
        {
            return Wrong(
                $"{TextOf(wanted)} is too soon: an activation takes effect at least " +
                $"{EffectiveDelay.TotalSeconds:0} s ahead, now not before {TextOf(earliest)}.");
        }

        if (wanted < last.EffectiveAt)
        {
            return Wrong(
                $"Activation {last.Id} of version {last.Version} is scheduled for {TextOf(last.EffectiveAt)}: name " +
                "an effective_at that is not before it, or withdraw it first.");
        }

        if (wanted > Now.PlusDays(ProgramLimits.ActivationDaysAheadMax))
            return Wrong($"{TextOf(wanted)} is more than {ProgramLimits.ActivationDaysAheadMax} days ahead.");
        return known.Activations.Length < ProgramLimits.ActivationsMax
            ? null
            : new(
                ProgramRefusals.TooManyPrograms,
                $"There are {known.Activations.Length} activations: no more than {ProgramLimits.ActivationsMax} are " +
                "kept.");

        static ProgramOutcome<StoredActivation>.Refused Wrong(string detail) =>
            new(ProgramRefusals.InvalidEffectiveAt, detail);
    }

    private static string TextOf(Instant instant) => instant <= Instant.Earliest ? "the beginning" : instant.ToString();
}
