using System.Diagnostics;

namespace Lifecycle.Domain.Conditions;

internal sealed partial class Emitter
{
    private Code? EmitBinary(Node.Binary node)
    {
        var left = Emit(node.Left);
        var right = Emit(node.Right);
        if (left is null || right is null) return null;
        return node.Operator.Kind switch
        {
            TokenKind.Equal or TokenKind.NotEqual => EmitEquality(node, left, right),
            >= TokenKind.Less and <= TokenKind.GreaterOrEqual => EmitOrder(node, left, right),
            _ => EmitArithmetic(node, left, right),
        };
    }

    private Code<bool>? EmitEquality(Node.Binary node, Code left, Code right)
    {
        var equal = node.Operator.Kind == TokenKind.Equal;
        var constant = left.IsConstant && right.IsConstant;
        switch (left, right)
        {
            case (Code<long> a, Code<long> b):
                return Truth(node, constant, f => a.Evaluate(f) == b.Evaluate(f) == equal);
            case (Code<string> a, Code<string> b):
                return Truth(node, constant, f => string.Equals(a.Evaluate(f), b.Evaluate(f)) == equal);
            case (Code<bool> a, Code<bool> b):
                return Truth(node, constant, f => a.Evaluate(f) == b.Evaluate(f) == equal);
            case ({ IsNumeric: true }, { IsNumeric: true }):
                var (x, y) = (left.Widen(), right.Widen());
                return Truth(node, constant, f => x(f) == y(f) == equal);
            default:
                errors.Add(
                    node.Operator.Offset,
                    $"'{node.Operator.Text}' compares two of a kind, but left is {Code.Name(left.Type)} and right is " +
                    $"{Code.Name(right.Type)}.{ChainHint(node)}");
                return null;
        }
    }

    private Code<bool>? EmitOrder(Node.Binary node, Code left, Code right)
    {
        if (!BothNumeric(node, left, right)) return null;
        var constant = left.IsConstant && right.IsConstant;
        if (left is Code<long> a && right is Code<long> b)
        {
            var (p, q) = (a.Evaluate, b.Evaluate);
            return node.Operator.Kind switch
            {
                TokenKind.Less => Truth(node, constant, f => p(f) < q(f)),
                TokenKind.LessOrEqual => Truth(node, constant, f => p(f) <= q(f)),
                TokenKind.Greater => Truth(node, constant, f => p(f) > q(f)),
                _ => Truth(node, constant, f => p(f) >= q(f)),
            };
        }

        var (x, y) = (left.Widen(), right.Widen());
        return node.Operator.Kind switch
        {
            TokenKind.Less => Truth(node, constant, f => x(f) < y(f)),
            TokenKind.LessOrEqual => Truth(node, constant, f => x(f) <= y(f)),
            TokenKind.Greater => Truth(node, constant, f => x(f) > y(f)),
            _ => Truth(node, constant, f => x(f) >= y(f)),
        };
    }

    private Code? EmitArithmetic(Node.Binary node, Code left, Code right)
    {
        if (!BothNumeric(node, left, right) || !DivisorIsSound(node, right)) return null;
        if (left is Code<long> a && right is Code<long> b && node.Operator.Kind != TokenKind.Divide)
        {
            var (p, q) = (a.Evaluate, b.Evaluate);
            Func<IFacts, long> whole = node.Operator.Kind switch
            {
                TokenKind.Plus => f => Arithmetic.Add(p(f), q(f)),
                TokenKind.Minus => f => Arithmetic.Subtract(p(f), q(f)),
                TokenKind.Times => f => Arithmetic.Multiply(p(f), q(f)),
                TokenKind.Modulo => f => Modulo(p(f), q(f), f),
                _ => throw new UnreachableException(node.Operator.Text),
            };
            return Fold(node.Operator.Offset, new Code<long>(ConditionType.Whole, a.IsConstant && b.IsConstant, whole));
        }

        if (node.Operator.Kind == TokenKind.Modulo)
        {
            errors.Add(node.Operator.Offset, "'%' needs whole numbers on both sides: wrap a decimal one in floor().");
            return null;
        }

        var (x, y) = (left.Widen(), right.Widen());
        Func<IFacts, decimal> number = node.Operator.Kind switch
        {
            TokenKind.Plus => f => Arithmetic.Add(x(f), y(f)),
            TokenKind.Minus => f => Arithmetic.Subtract(x(f), y(f)),
            TokenKind.Times => f => Arithmetic.Multiply(x(f), y(f)),
            TokenKind.Divide => f => Divide(x(f), y(f), f),
            _ => throw new UnreachableException(node.Operator.Text),
        };
        return Fold(
            node.Operator.Offset, new Code<decimal>(ConditionType.Number, left.IsConstant && right.IsConstant, number));
    }

    private static long Modulo(long a, long b, IFacts facts)
    {
        if (b != 0 || facts is not ITolerantFacts tolerant) return Arithmetic.Modulo(a, b);
        tolerant.Fail();
        return 0;
    }

    private static decimal Divide(decimal a, decimal b, IFacts facts)
    {
        if (b != 0 || facts is not ITolerantFacts tolerant) return Arithmetic.Divide(a, b);
        tolerant.Fail();
        return 0;
    }

    private bool BothNumeric(Node.Binary node, Code left, Code right)
    {
        foreach (var (part, code) in new[] { (node.Left, left), (node.Right, right) })
        {
            if (code.IsNumeric) continue;
            var hint = code.Type == ConditionType.Text
                ? " Text can only be compared with '==' and '!='."
                : ChainHint(node);
            errors.Add(part.Offset, $"'{node.Operator.Text}' needs numbers, but this is {Code.Name(code.Type)}.{hint}");
            return false;
        }

        return true;
    }

    /// <summary>Whatever stands on the left, a constant zero on the right can never work.</summary>
    private bool DivisorIsSound(Node.Binary node, Code right)
    {
        if (node.Operator.Kind is not (TokenKind.Divide or TokenKind.Modulo) || !right.IsConstant) return true;
        if (right.Widen()(NoFacts.Instance) != 0) return true;
        errors.Add(node.Right.Offset, "This divides by zero.");
        return false;
    }

    private static string ChainHint(Node.Binary node) =>
        node.Left is Node.Binary { Operator.Kind: >= TokenKind.Equal and <= TokenKind.GreaterOrEqual }
            ? " Write a < b && b < c instead of a < b < c."
            : "";

    private Code<bool>? Truth(Node.Binary node, bool constant, Func<IFacts, bool> evaluate) =>
        Fold(node.Operator.Offset, new Code<bool>(ConditionType.Truth, constant, evaluate));
}
