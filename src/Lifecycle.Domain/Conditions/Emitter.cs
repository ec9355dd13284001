using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Spelling;

namespace Lifecycle.Domain.Conditions;

/// <summary>
/// Resolves names, checks types and builds the closures, bottom up. Null stands for a part with an error, which is
/// reported once, where it is.
/// </summary>
internal sealed partial class Emitter(ConditionScope scope, ErrorList errors)
{
    private readonly List<Variable> _reads = [];

    public ImmutableArray<Variable> Reads => [.. _reads];

    public Code? Emit(Node node) => node switch
    {
        Node.Whole whole => Constant(ConditionType.Whole, whole.Value),
        Node.Number number => Constant(ConditionType.Number, number.Value),
        Node.Text text => Constant(ConditionType.Text, text.Value),
        Node.Truth truth => Constant(ConditionType.Truth, truth.Value),
        Node.Name name => EmitName(name),
        Node.Negate negate => EmitNegate(negate),
        Node.Not not => EmitNot(not),
        Node.Floor floor => EmitFloor(floor),
        Node.Joined joined => EmitJoined(joined),
        Node.Binary binary => EmitBinary(binary),
        Node.Broken => null,
        _ => throw new UnreachableException(node.GetType().Name),
    };

    private static Code<T> Constant<T>(ConditionType type, T value) => new(type, true, _ => value);

    /// <summary>A part without variables is worked out now, so its failure is an error of the text.</summary>
    private Code<T>? Fold<T>(int offset, Code<T> code)
    {
        if (!code.IsConstant) return code;
        try
        {
            return Constant(code.Type, code.Evaluate(NoFacts.Instance));
        }
        catch (ConditionException e)
        {
            errors.Add(offset, e.Message + ".");
            return null;
        }
    }

    private Code? EmitName(Node.Name name)
    {
        if (!Variables.All.TryGetValue(name.Value, out var variable))
        {
            errors.Add(name.Offset, UnknownName(name.Value));
            return null;
        }

        if (scope.Refuse(variable) is { } reason)
        {
            errors.Add(name.Offset, reason);
            return null;
        }

        if (!_reads.Contains(variable)) _reads.Add(variable);
        return variable.Type switch
        {
            ConditionType.Whole => new Code<long>(variable.Type, false, facts => facts.Get(variable).Whole),
            ConditionType.Number => new Code<decimal>(variable.Type, false, facts => facts.Get(variable).Number),
            ConditionType.Text => new Code<string>(variable.Type, false, facts => facts.Get(variable).Text),
            ConditionType.Truth => new Code<bool>(variable.Type, false, facts => facts.Get(variable).Truth),
            _ => throw new UnreachableException(variable.Type.ToString()),
        };
    }

    private string UnknownName(string name)
    {
        var known = Variables.All.Values.Where(v => scope.Refuse(v) is null).Select(v => v.Name).ToList();
        if (!scope.AllowEvent && name.StartsWith("event.", StringComparison.Ordinal)) return ConditionScope.NoEvent;
        var bare = known.Find(k => k.EndsWith("." + name, StringComparison.Ordinal));
        return bare is null
            ? $"There is no variable {ErrorList.Quote(name)}.{Nearest.Hint(name, known)}"
            : $"There is no variable {ErrorList.Quote(name)}. Did you mean '{bare}'?";
    }

    private Code? EmitNegate(Node.Negate node)
    {
        if (Emit(node.Operand) is not { } operand) return null;
        if (operand is Code<long> whole)
        {
            return Fold(node.Offset, new Code<long>(
                whole.Type, whole.IsConstant, f => Arithmetic.Negate(whole.Evaluate(f))));
        }

        if (operand is Code<decimal> number)
            return Fold(node.Offset, new Code<decimal>(number.Type, number.IsConstant, f => -number.Evaluate(f)));
        errors.Add(node.Operand.Offset, $"'-' needs a number, but this is {Code.Name(operand.Type)}.");
        return null;
    }

    private Code<bool>? EmitNot(Node.Not node)
    {
        if (Emit(node.Operand) is not { } operand) return null;
        if (operand is Code<bool> truth)
            return Fold(node.Offset, new Code<bool>(truth.Type, truth.IsConstant, f => !truth.Evaluate(f)));
        errors.Add(node.Operand.Offset, $"'!' needs true or false, but this is {Code.Name(operand.Type)}.");
        return null;
    }

    private Code? EmitFloor(Node.Floor node)
    {
        if (Emit(node.Operand) is not { } operand) return null;
        if (operand is Code<long>) return operand;
        if (operand is Code<decimal> number)
        {
            return Fold(node.Offset, new Code<long>(
                ConditionType.Whole, number.IsConstant, f => Arithmetic.Floor(number.Evaluate(f))));
        }

        errors.Add(node.Operand.Offset, $"floor(...) needs a number, but this is {Code.Name(operand.Type)}.");
        return null;
    }

    /// <summary>Terms are evaluated from the left, until one decides.</summary>
    private Code<bool>? EmitJoined(Node.Joined node)
    {
        var terms = new List<Code<bool>>();
        foreach (var term in node.Terms)
        {
            if (Emit(term) is not { } code) continue;
            if (code is Code<bool> truth) terms.Add(truth);
            else errors.Add(term.Offset, $"'{node.Operator.Text}' joins conditions; this is {Code.Name(code.Type)}.");
        }

        if (terms.Count < node.Terms.Count) return null;
        var parts = terms.Select(t => t.Evaluate).ToArray();
        var decides = node.Operator.Kind == TokenKind.Or;
        return Fold(node.Offset, new Code<bool>(ConditionType.Truth, terms.TrueForAll(t => t.IsConstant), facts =>
        {
            foreach (var part in parts)
                if (part(facts) == decides) return decides;
            return !decides;
        }));
    }
}
