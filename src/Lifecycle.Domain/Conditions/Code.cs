namespace Lifecycle.Domain.Conditions;

/// <summary>A checked expression that can be evaluated.</summary>
/// <param name="Type">Its type.</param>
/// <param name="IsConstant">It reads no variable.</param>
internal abstract record Code(ConditionType Type, bool IsConstant)
{
    public bool IsNumeric => Type is ConditionType.Whole or ConditionType.Number;

    /// <summary>How messages name a type.</summary>
    public static string Name(ConditionType type) => type switch
    {
        ConditionType.Whole => "a whole number",
        ConditionType.Number => "a decimal number",
        ConditionType.Text => "text",
        _ => "true or false",
    };

    /// <summary>As a decimal number; only for numbers.</summary>
    public Func<IFacts, decimal> Widen()
    {
        if (this is Code<decimal> number) return number.Evaluate;
        var whole = ((Code<long>)this).Evaluate;
        if (!IsConstant) return facts => whole(facts);
        decimal constant = whole(NoFacts.Instance);
        return _ => constant;
    }

    public Func<IFacts, Value> ToValue() => this switch
    {
        Code<long> code => facts => new Value(Whole: code.Evaluate(facts)),
        Code<decimal> code => facts => new Value(Number: code.Evaluate(facts)),
        Code<string> code => facts => new Value(Text: code.Evaluate(facts)),
        Code<bool> code => facts => new Value(Truth: code.Evaluate(facts)),
        _ => throw new System.Diagnostics.UnreachableException(GetType().Name),
    };
}

/// <summary>The CLR type follows the condition type: long, decimal, string, bool.</summary>
internal sealed record Code<T>(ConditionType Type, bool IsConstant, Func<IFacts, T> Evaluate)
    : Code(Type, IsConstant);

/// <summary>What constants are folded over.</summary>
internal sealed class NoFacts : IFacts
{
    public static readonly NoFacts Instance = new();

    public Value Get(Variable variable) =>
        throw new System.Diagnostics.UnreachableException($"A constant reads {variable.Name}.");
}
