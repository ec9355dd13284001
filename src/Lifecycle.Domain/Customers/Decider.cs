using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// What an input means for a customer under a program at an instant. Pure and total: the same arguments give the same
/// answer, and every input gets one.
/// </summary>
public static partial class Decider
{
    /// <summary>
    /// The older entries that <see cref="Decide"/> must be given, at most <c>RecallMax</c> by number.
    /// </summary>
    public static Needs Needs(CustomerState state, Input input) => input switch
    {
        Input.Event { Type: EventTypes.OrderReturned } returned => NeedsOfReturn(state, returned),
        Input.Event { Type: EventTypes.OrderPlaced } placed => NeedsOfOrder(state, placed),
        Input.Join join => NeedsOf(join.From, join.Seq),
        Input.Rejoin rejoin => NeedsOf(rejoin.From, rejoin.Seq),
        Input.Unmerge unmerge when state.Members.Any(member => member.Key == unmerge.Alias) =>
            Customers.Needs.Nothing with { Alias = unmerge.Alias },
        _ => Customers.Needs.Nothing,
    };

    /// <summary>Decides an input for an instant at which no tick is due any more.</summary>
    /// <param name="state">The customer's head.</param>
    /// <param name="input">What came in.</param>
    /// <param name="recalled">The entries that <see cref="Needs"/> asked for, as far as they exist.</param>
    /// <param name="program">The program in force at <paramref name="at"/>.</param>
    /// <param name="at">Not before <see cref="CustomerState.At"/>.</param>
    /// <param name="history">All entries so far, when <see cref="Needs"/> named an alias.</param>
    public static Decision Decide(
        CustomerState state, Input input, IReadOnlyList<Entry> recalled, Program program, Instant at,
        SplitHistory? history = null)
    {
        var turn = new Turn(state, program, at);
        var refused = input switch
        {
            Input.Tick => Tick(turn),
            Input.RedeemPoints redeem => Redeem(turn, redeem),
            Input.AdjustPoints adjust => Adjust(turn, adjust),
            Input.Event taken => Take(turn, taken, recalled),
            Input.Merge merge => Leave(turn, merge),
            Input.Join join => Join(turn, join, recalled),
            Input.Unmerge unmerge => Unmerge(turn, unmerge, history),
            Input.Rejoin rejoin => Rejoin(turn, rejoin, recalled),
            Input.Settle settle => Settle(turn, settle),
            _ => throw new UnreachableException($"Input {input.GetType().Name} has no decision."),
        };
        if (refused is not null) return refused;
        if (turn.State.MergedInto is null) turn.ReviewStage();
        return new Decision.Accepted(turn.TakeEffects()) { Turn = turn };
    }

    /// <summary>
    /// The entry of a decision, and the state after it: the one that <see cref="Evolver"/> makes of the entry.
    /// </summary>
    public static (Entry Entry, CustomerState State) Conclude(
        CustomerState state, Input input, Decision.Accepted accepted, Program program, Instant at, Recording recording)
    {
        if (accepted.Turn is not { } turn)
        {
            turn = new Turn(state, program, at);
            foreach (var effect in accepted.Effects) turn.Emit(effect);
        }

        var after = turn.State;
        Evolver.Prune(after);
        var entry = new Entry
        {
            Seq = after.Seq, EventKey = recording.EventKey, OccurredAt = input.OccurredAt,
            RecordedAt = recording.RecordedAt, At = at, Historical = recording.Historical,
            ProgramVersion = program.Version, BodyHash = recording.BodyHash, Input = input,
            Addressed = recording.Addressed, Effects = accepted.Effects, After = AfterOf(turn),
        };
        Evolver.Close(after, EntryFold.Of(entry));
        return (entry, after);
    }

    /// <summary>The entry of a decision, before the journal adds its keys and times.</summary>
    public static Entry EntryOf(
        CustomerState state, Input input, ImmutableArray<Effect> effects, Program program, Instant at) =>
        Conclude(state, input, new Decision.Accepted(effects), program, at, new Recording(at)).Entry;

    private static After AfterOf(Turn turn) => new(
        turn.State.Balances.Of(Account.Available), turn.State.Balances.Of(Account.Pending),
        turn.State.Balances.Of(Account.Held), turn.State.Stage, NextChange(turn));

    /// <summary>The instant at which the next tick is due; exact.</summary>
    private static Instant NextChange(Turn turn)
    {
        var state = turn.State;
        if (state.MergedInto is not null) return Instant.Never;
        var next = turn.Review.NextChange(state.At);
        if (!state.Pending.IsEmpty) next = Instant.Min(next, state.Pending[0].Dates.AvailableAt);
        foreach (var lot in state.Lots)
        {
            if (lot.Remaining == 0) continue;
            return Instant.Min(next, lot.ExpiresAt);
        }

        return next;
    }

    private static Decision.Refused? Take(Turn turn, Input.Event taken, IReadOnlyList<Entry> recalled)
    {
        var currency = taken.Data.Text(EventSchema.Currency);
        if (currency is not null && currency != turn.Program.Currency)
            return new(RefusalCodes.CurrencyNotInProgram,
                $"The amounts are in {currency} but the program is in {turn.Program.Currency}. " +
                "Convert them, or run a program in that currency.");
        try
        {
            return taken.Type switch
            {
                EventTypes.OrderPlaced => PlaceOrder(turn, taken, recalled),
                EventTypes.OrderReturned => ReturnOrder(turn, taken, recalled),
                _ => Other(turn, taken),
            };
        }
        catch (RuleFailedException failed)
        {
            return new(RefusalCodes.RuleFailed, failed.Message);
        }
    }

    private static Decision.Refused? Other(Turn turn, Input.Event taken)
    {
        Metrics.ActivityKind? kind = taken.Type switch
        {
            EventTypes.Visit => Metrics.ActivityKind.Visit,
            EventTypes.ProductViewed => Metrics.ActivityKind.ProductView,
            EventTypes.SearchPerformed => Metrics.ActivityKind.Search,
            EventTypes.ReferralCompleted => Metrics.ActivityKind.Referral,
            _ => null,
        };
        var earned = EarnRules.Apply(turn.Program, turn.State, turn.At, taken, netMinor: 0);
        if (kind is { } counted) turn.Emit(new Effect.ActivityCounted(counted, taken.OccurredAt));
        Earn(turn, earned, taken.OccurredAt, order: null);
        return null;
    }

    private static Decision.Refused? Tick(Turn turn)
    {
        CatchUp(turn);
        return null;
    }

    /// <summary>What is due by the instant of the turn.</summary>
    private static void CatchUp(Turn turn)
    {
        foreach (var lot in turn.State.Pending)
        {
            if (lot.Dates.AvailableAt > turn.At) break;
            turn.Emit(new Effect.PointsMoved(
                Account.Pending, Account.Available, lot.Points, lot.Dates, Causes.Matured, "", null));
        }

        Expire(turn);
        SettleDebt(turn);
    }

    /// <summary>One decision under way: effects, and the state as they leave it.</summary>
    internal sealed class Turn(CustomerState state, Program program, Instant at)
    {
        /// <summary>The state after the effects so far; it stands at the entry to be.</summary>
        public CustomerState State { get; } = Evolver.Begin(state, state.Seq + 1, at);

        public Program Program { get; } = program;

        public Instant At { get; } = at;

        // Most entries have one effect, an order three.
        private Effect[] _effects = new Effect[3];
        private int _count;

        public ReadOnlySpan<Effect> Effects => _effects.AsSpan(0, _count);

        /// <summary>Of the state when all that metrics are made of is in it.</summary>
        public StageReview Review => field ??= new(State, Program);

        public void Emit(Effect effect)
        {
            if (_count == _effects.Length) Array.Resize(ref _effects, 2 * _count);
            _effects[_count++] = effect;
            Evolver.Apply(State, effect);
        }

        /// <summary>Once, when no more come.</summary>
        public ImmutableArray<Effect> TakeEffects()
        {
            if (_count == 0) return [];
            if (_count < _effects.Length) Array.Resize(ref _effects, _count);
            return ImmutableCollectionsMarshal.AsImmutableArray(_effects);
        }

        /// <summary>
        /// Moves through every stage that is due now: one that is guarded may open the way to the next. What came back
        /// or left with an alias undoes a stage at once, whatever its minimum stay.
        /// </summary>
        public void ReviewStage()
        {
            var keepDwell = true;
            foreach (var effect in Effects) keepDwell &= effect is not (Effect.ReturnMatched or Effect.Split);
            for (var i = 0; i < ProgramLimits.StagesMax; i++)
            {
                if (Review.At(At, keepDwell) is not { } move) return;
                Emit(new Effect.StageChanged(State.Stage, move.Name, move.Role, move.Reason));
            }
        }
    }
}
