using System.Collections.Immutable;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Stages;

/// <summary>
/// What stage conditions read of a customer at an instant that moves forward. The buckets are read once; from then on
/// each window gives up what leaves it.
/// </summary>
internal sealed class MovingFacts : ITolerantFacts
{
    private readonly CustomerState _state;
    private readonly Window[] _windows;
    private Instant _at;
    private bool _failed;

    /// <param name="state">The customer.</param>
    /// <param name="windows">The windows that are read.</param>
    /// <param name="at">The first instant.</param>
    /// <param name="until">No later instant is asked about.</param>
    public MovingFacts(CustomerState state, ImmutableArray<Variable> windows, Instant at, Instant until)
    {
        (_state, _at, _windows) = (state, at, new Window[windows.Length]);
        for (var i = 0; i < windows.Length; i++) _windows[i] = Window.Of(state, windows[i], at, until);
    }

    /// <summary>When a window gives up something next.</summary>
    public Instant NextMove
    {
        get
        {
            var next = Instant.Never;
            foreach (ref readonly var window in _windows.AsSpan()) next = Instant.Min(next, window.NextMove);
            return next;
        }
    }

    /// <summary>False for an instant that is past already.</summary>
    public bool TryMoveTo(Instant at)
    {
        if (at < _at) return false;
        _at = at;
        foreach (ref var window in _windows.AsSpan()) window.MoveTo(at);
        return true;
    }

    /// <summary>
    /// A condition that has no value at an instant, such as a division by zero, does not hold.
    /// </summary>
    public bool Hold(Condition condition)
    {
        _failed = false;
        try
        {
            return condition.Evaluate(this).Truth && !_failed;
        }
        catch (ConditionException)
        {
            return false;
        }
    }

    public Value Get(Variable variable)
    {
        if (variable.WindowDays > 0)
            foreach (ref readonly var window in _windows.AsSpan())
                if (ReferenceEquals(window.Variable, variable)) return new(window.Sum);
        return StateFacts.Get(_state, _at, variable);
    }

    public void Fail() => _failed = true;

    /// <summary>The sum of a window, and what leaves it within the time that is asked about, the first last.</summary>
    private struct Window
    {
        private List<(Instant At, long Value)>? _leaving;

        public Variable Variable { get; private init; }

        public long Sum { get; private set; }

        public readonly Instant NextMove => _leaving is { Count: > 0 } ? _leaving[^1].At : Instant.Never;

        public static Window Of(CustomerState state, Variable variable, Instant at, Instant until)
        {
            var window = new Window { Variable = variable };
            var newest = state.Buckets.NewestFirst();
            while (newest.Next() && Buckets.Counts(newest.Start, variable.WindowDays, at))
            {
                var value = newest.Column((int)variable.Fact);
                if (value == 0) continue;
                window.Sum += value;
                if (Buckets.Leaves(newest.Start, variable.WindowDays) is var leaves && leaves <= until)
                    (window._leaving ??= []).Add((leaves, value));
            }

            return window;
        }

        public void MoveTo(Instant at)
        {
            while (_leaving is { Count: > 0 } && _leaving[^1].At <= at)
            {
                Sum -= _leaving[^1].Value;
                _leaving.RemoveAt(_leaving.Count - 1);
            }
        }
    }
}
