namespace Lifecycle.Domain.Conditions;

/// <summary>A parsed expression, before names and types are looked at.</summary>
/// <param name="Offset">Where it starts in the text.</param>
/// <param name="Depth">Levels below and including it; at most <see cref="ConditionLimits.DepthMax"/>.</param>
internal abstract record Node(int Offset, int Depth)
{
    public sealed record Whole(int Offset, long Value) : Node(Offset, 1);

    public sealed record Number(int Offset, decimal Value) : Node(Offset, 1);

    public sealed record Text(int Offset, string Value) : Node(Offset, 1);

    public sealed record Truth(int Offset, bool Value) : Node(Offset, 1);

    public sealed record Name(int Offset, string Value) : Node(Offset, 1);

    /// <summary>Stands for what could not be read; the reason is reported already.</summary>
    public sealed record Broken(int Offset) : Node(Offset, 1);

    public sealed record Negate(int Offset, Node Operand) : Node(Offset, Operand.Depth + 1);

    public sealed record Not(int Offset, Node Operand) : Node(Offset, Operand.Depth + 1);

    public sealed record Floor(int Offset, Node Operand) : Node(Offset, Operand.Depth + 1);

    /// <summary>Arithmetic or a comparison.</summary>
    public sealed record Binary(Token Operator, Node Left, Node Right)
        : Node(Left.Offset, Math.Max(Left.Depth, Right.Depth) + 1);

    /// <summary>Two terms or more, joined by <c>&amp;&amp;</c> or by <c>||</c>.</summary>
    public sealed record Joined(Token Operator, IReadOnlyList<Node> Terms)
        : Node(Terms[0].Offset, Terms.Max(t => t.Depth) + 1);
}
