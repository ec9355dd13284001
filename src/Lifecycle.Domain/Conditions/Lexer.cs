using System.Globalization;
using System.Text;

namespace Lifecycle.Domain.Conditions;

/// <summary>Cuts a text into tokens. What is not a token is reported, and reading goes on after it.</summary>
internal sealed class Lexer(string text, ErrorList errors)
{
    private readonly List<Token> _tokens = [];
    private int _at;

    public List<Token> Read()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c is ' ' or '\t' or '\r' or '\n') _at++;
            else if (char.IsAsciiDigit(c)) ReadNumber();
            else if (IsNameStart(c)) ReadName();
            else if (c is '\'' or '"') ReadText(c);
            else ReadSymbol();
        }

        _tokens.Add(new(TokenKind.End, text.Length, ""));
        return _tokens;
    }

    private char Peek(int ahead = 1) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void Add(TokenKind kind, int length)
    {
        _tokens.Add(new(kind, _at, text.Substring(_at, length)));
        _at += length;
    }

    private void ReadNumber()
    {
        var length = 1;
        while (char.IsAsciiDigit(Peek(length))) length++;
        var kind = TokenKind.Whole;
        if (Peek(length) == '.' && char.IsAsciiDigit(Peek(length + 1)))
        {
            kind = TokenKind.Number;
            length += 2;
            while (char.IsAsciiDigit(Peek(length))) length++;
        }

        if (IsNameStart(Peek(length)))
        {
            while (IsNamePart(Peek(length))) length++;
            var word = text.Substring(_at, length);
            errors.Add(_at, $"{ErrorList.Quote(word)} is not a number: write digits only, such as 1500 or 0.25.");
            kind = TokenKind.Broken;
        }

        Add(kind, length);
    }

    /// <summary>A name with its dots is one token: <c>customer.orders_365d</c>.</summary>
    private void ReadName()
    {
        var length = 1;
        while (IsNamePart(Peek(length)) || (Peek(length) == '.' && IsNameStart(Peek(length + 1)))) length++;
        Add(TokenKind.Name, length);
    }

    private void ReadText(char quote)
    {
        var start = _at++;
        var content = new StringBuilder();
        while (_at < text.Length && text[_at] != quote && text[_at] is not ('\n' or '\r'))
        {
            if (text[_at] == '\\') ReadEscape(content);
            else content.Append(text[_at++]);
        }

        if (_at < text.Length && text[_at] == quote)
        {
            _at++;
            _tokens.Add(new(TokenKind.Text, start, content.ToString()));
            return;
        }

        errors.Add(start, $"This text is not closed: expected {quote} at its end, on the same line.");
        _tokens.Add(new(TokenKind.Broken, start, ""));
    }

    private void ReadEscape(StringBuilder content)
    {
        var (plain, length) = Peek() switch
        {
            '\\' => ('\\', 2),
            '\'' => ('\'', 2),
            '"' => ('"', 2),
            'n' => ('\n', 2),
            'r' => ('\r', 2),
            't' => ('\t', 2),
            'u' when _at + 6 <= text.Length && ushort.TryParse(
                text.AsSpan(_at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                => ((char)code, 6),
            _ => ('\0', 0),
        };
        if (length == 0)
        {
            var found = text.Substring(_at, Math.Min(2, text.Length - _at));
            errors.Add(_at, $"{ErrorList.Quote(found)} is not an escape: " +
                "expected \\\\ \\' \\\" \\n \\r \\t or \\u and 4 hex digits.");
            length = 1;
        }
        else
        {
            content.Append(plain);
        }

        _at += length;
    }

    private void ReadSymbol()
    {
        var (kind, length) = (text[_at], Peek()) switch
        {
            ('&', '&') => (TokenKind.And, 2),
            ('|', '|') => (TokenKind.Or, 2),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('!', _) => (TokenKind.Not, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Times, 1),
            ('/', _) => (TokenKind.Divide, 1),
            ('%', _) => (TokenKind.Modulo, 1),
            ('(', _) => (TokenKind.LeftParen, 1),
            (')', _) => (TokenKind.RightParen, 1),
            ('?' or ':' or '[' or ']' or '{' or '}' or '.' or ',', _) => (TokenKind.Later, 1),
            _ => Unknown(),
        };
        Add(kind, length);
    }

    /// <summary>A single sign where CEL doubles it is taken for the double one, so that reading can go on.</summary>
    private (TokenKind Kind, int Length) Unknown()
    {
        var (kind, hint) = text[_at] switch
        {
            '=' => (TokenKind.Equal, "write '==' to compare."),
            '&' => (TokenKind.And, "write '&&' for \"and\"."),
            '|' => (TokenKind.Or, "write '||' for \"or\"."),
            '‘' or '’' or '“' or '”' => (TokenKind.Broken, "write straight quotes, ' or \"."),
            _ => (TokenKind.Broken, "expected a value or an operator."),
        };
        var length = char.IsHighSurrogate(text[_at]) && char.IsLowSurrogate(Peek()) ? 2 : 1;
        var found = text.Substring(_at, length);
        var shown = IsPrintable(found) ? $"'{found}'" : $"the character U+{(int)text[_at]:X4}";
        errors.Add(_at, $"Found {shown}: {hint}");
        return (kind, length);
    }

    private static bool IsPrintable(string found) =>
        found.Length == 2 || !(char.IsControl(found[0]) || char.IsSurrogate(found[0]) || char.IsWhiteSpace(found[0]));

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c);
}
