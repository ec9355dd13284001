namespace Lifecycle.Domain.Conditions;

internal enum TokenKind
{
    End,
    Whole,
    Number,
    Text,
    Name,
    LeftParen,
    RightParen,
    Not,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,

    /// <summary>A token of CEL that a later version will understand: <c>?</c>, <c>[</c>, a method's dot…</summary>
    Later,

    /// <summary>Something that was reported already; the parser takes it for a value.</summary>
    Broken,
}

/// <param name="Text">As written, but a text literal's content without quotes and escapes.</param>
internal readonly record struct Token(TokenKind Kind, int Offset, string Text);
