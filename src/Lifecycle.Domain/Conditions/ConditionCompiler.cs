using System.Collections.Immutable;

namespace Lifecycle.Domain.Conditions;

/// <summary>
/// Compiles the condition language: a small subset of CEL (Common Expression Language). Operators, weakest first:
/// <c>||</c>, <c>&amp;&amp;</c>, comparisons, <c>+ -</c>, <c>* / %</c>, <c>! -</c>; and <c>floor(x)</c>.
/// </summary>
public static class ConditionCompiler
{
    /// <summary>Like the other, with <paramref name="allowEvent"/> for the scope.</summary>
    public static (Condition? Condition, ImmutableArray<ConditionError> Errors) Compile(
        string text, ConditionType expected, bool allowEvent) =>
        Compile(text, expected, allowEvent ? ConditionScope.Event : ConditionScope.Customer);

    /// <summary>
    /// Answers a condition of the expected type, or everything that is wrong with the text in reading order. Never
    /// throws for a text, whatever it is.
    /// </summary>
    public static (Condition? Condition, ImmutableArray<ConditionError> Errors) Compile(
        string text, ConditionType expected, ConditionScope scope)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(scope);
        var errors = new ErrorList();
        if (text.Length > ConditionLimits.ConditionTextMax)
        {
            errors.Add(
                ConditionLimits.ConditionTextMax,
                $"This is {text.Length} characters long: at most {ConditionLimits.ConditionTextMax} are allowed.");
            return (null, errors.ToImmutable());
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add(0, $"This is empty: expected {Code.Name(expected)}.");
            return (null, errors.ToImmutable());
        }

        var node = new Parser(new Lexer(text, errors).Read(), errors).Parse();
        var emitter = new Emitter(scope, errors);
        var code = emitter.Emit(node);
        if (code is not null) code = Convert(code, expected, node.Offset, errors);
        return code is null || !errors.IsEmpty
            ? (null, errors.ToImmutable())
            : (new Condition(text, expected, emitter.Reads, code.ToValue()), []);
    }

    private static Code? Convert(Code code, ConditionType expected, int offset, ErrorList errors)
    {
        if (code.Type == expected) return code;
        if (code.Type == ConditionType.Whole && expected == ConditionType.Number)
            return new Code<decimal>(ConditionType.Number, code.IsConstant, code.Widen());
        var hint = (expected, code.Type) switch
        {
            (ConditionType.Whole, ConditionType.Number) => " Wrap it in floor().",
            (ConditionType.Truth, ConditionType.Whole or ConditionType.Number) => " Compare it, such as ... > 0.",
            (ConditionType.Truth, ConditionType.Text) => " Compare it, such as ... == 'x'.",
            _ => "",
        };
        errors.Add(offset, $"Expected {Code.Name(expected)}, but this is {Code.Name(code.Type)}.{hint}");
        return null;
    }
}
