using System.Collections.Immutable;

namespace Lifecycle.Domain.Conditions;

/// <summary>
/// A value of the condition language; which member holds it follows from the type it was compiled to.
/// </summary>
public readonly record struct Value(long Whole = 0, decimal Number = 0, string Text = "", bool Truth = false);

/// <summary>Where a condition reads its variables.</summary>
public interface IFacts
{
    /// <summary>The variable's value, in the member of its type. Absent text is empty, an absent number 0.</summary>
    Value Get(Variable variable);
}

/// <summary>
/// Facts for somebody who only asks whether a condition holds, many times: a division by zero is told here, where an
/// exception would cost a hundred times what the evaluation does.
/// </summary>
internal interface ITolerantFacts : IFacts
{
    /// <summary>What is being evaluated has no result, whatever it will answer.</summary>
    void Fail();
}

/// <summary>
/// An evaluation that has no result: a division by zero or a number too large. Caught by the decider.
/// </summary>
public sealed class ConditionException(string message) : Exception(message);

/// <summary>What is wrong with a text, and where.</summary>
/// <param name="Offset">Characters from its start.</param>
/// <param name="Message">For the author: what was found and what was expected.</param>
public sealed record ConditionError(int Offset, string Message);

/// <summary>A compiled, typed expression.</summary>
public sealed class Condition
{
    private readonly Func<IFacts, Value> _evaluate;

    internal Condition(string text, ConditionType type, ImmutableArray<Variable> reads, Func<IFacts, Value> evaluate)
    {
        Text = text;
        Type = type;
        Reads = reads;
        _evaluate = evaluate;
    }

    public string Text { get; }

    public ConditionType Type { get; }

    /// <summary>Every variable it can read, once.</summary>
    public ImmutableArray<Variable> Reads { get; }

    /// <exception cref="ConditionException">Division by zero or overflow.</exception>
    public Value Evaluate(IFacts facts) => _evaluate(facts);
}
