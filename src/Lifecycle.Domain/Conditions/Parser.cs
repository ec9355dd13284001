using System.Globalization;

namespace Lifecycle.Domain.Conditions;

/// <summary>
/// Recursive descent over the tokens, weakest operator first. After an error it goes on at the next term
/// (<c>&amp;&amp;</c>, <c>||</c> or the closing parenthesis), so one typing error does not hide the next.
/// </summary>
internal sealed class Parser(List<Token> tokens, ErrorList errors)
{
    private const string TrueName = "true";
    private const string FalseName = "false";
    private const string FloorName = "floor";

    private int _at;
    private int _depth;
    private bool _stopped;

    private Token Next => tokens[_at];

    public Node Parse()
    {
        var node = ParseOr();
        while (Next.Kind != TokenKind.End)
        {
            Report(Next.Offset, "This ')' closes nothing: expected the end or an operator.");
            _at++;
            if (Next.Kind is TokenKind.And or TokenKind.Or) _at++;
            if (Next.Kind is not (TokenKind.End or TokenKind.RightParen)) ParseOr();
        }

        return node;
    }

    private Node ParseOr() => ParseJoined(TokenKind.Or, ParseAnd);

    private Node ParseAnd() => ParseJoined(TokenKind.And, ParseTerm);

    private Node ParseJoined(TokenKind kind, Func<Node> parsePart)
    {
        var first = parsePart();
        if (Next.Kind != kind) return first;
        var token = Next;
        var terms = new List<Node> { first };
        while (Next.Kind == kind)
        {
            _at++;
            terms.Add(parsePart());
        }

        return Bounded(new Node.Joined(token, terms), token.Offset);
    }

    private Node ParseTerm()
    {
        var node = ParseRelation();
        if (IsTermEnd(Next.Kind)) return node;
        ReportAfterValue();
        SkipTerm();
        return new Node.Broken(node.Offset);
    }

    private Node ParseRelation() =>
        ParseBinary(ParseSum, kind => kind is >= TokenKind.Equal and <= TokenKind.GreaterOrEqual);

    private Node ParseSum() => ParseBinary(ParseProduct, kind => kind is TokenKind.Plus or TokenKind.Minus);

    private Node ParseProduct() =>
        ParseBinary(ParseUnary, kind => kind is TokenKind.Times or TokenKind.Divide or TokenKind.Modulo);

    private Node ParseBinary(Func<Node> parseOperand, Func<TokenKind, bool> isOperator)
    {
        var left = parseOperand();
        while (isOperator(Next.Kind))
        {
            var token = Next;
            _at++;
            left = Bounded(new Node.Binary(token, left, parseOperand()), token.Offset);
        }

        return left;
    }

    private Node ParseUnary()
    {
        var token = Next;
        if (token.Kind is not (TokenKind.Not or TokenKind.Minus)) return ParsePrimary();
        _at++;
        if (token.Kind == TokenKind.Minus && Next.Kind is TokenKind.Whole or TokenKind.Number)
            return ParseNumber(token.Offset, "-");
        if (!Enter(token.Offset)) return new Node.Broken(token.Offset);
        var operand = ParseUnary();
        _depth--;
        return Bounded(
            token.Kind == TokenKind.Not ? new Node.Not(token.Offset, operand) : new Node.Negate(token.Offset, operand),
            token.Offset);
    }

    private Node ParsePrimary()
    {
        var token = Next;
        switch (token.Kind)
        {
            case TokenKind.Whole or TokenKind.Number:
                return ParseNumber(token.Offset, "");
            case TokenKind.Text:
                _at++;
                return new Node.Text(token.Offset, token.Text);
            case TokenKind.Broken:
                _at++;
                return new Node.Broken(token.Offset);
            case TokenKind.Name:
                return ParseName();
            case TokenKind.LeftParen:
                return ParseParenthesis();
            case TokenKind.Later:
                Report(token.Offset, LaterMessage(token.Text));
                SkipTerm();
                return new Node.Broken(token.Offset);
            default:
                Report(token.Offset, $"Expected a value, found {Describe(token)}.");
                return new Node.Broken(token.Offset);
        }
    }

    /// <summary>The sign belongs to the literal, for the smallest whole number has no positive twin.</summary>
    private Node ParseNumber(int offset, string sign)
    {
        var token = Next;
        _at++;
        var text = sign + token.Text;
        if (token.Kind == TokenKind.Whole)
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
                return new Node.Whole(offset, whole);
            Report(offset, $"{ErrorList.Quote(text)} is too large: whole numbers go to {long.MaxValue}.");
            return new Node.Broken(offset);
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (token.Text.Length <= 29 && decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number))
            return new Node.Number(offset, number);
        Report(offset, $"{ErrorList.Quote(text)} has too many digits: a decimal number has at most 28.");
        return new Node.Broken(offset);
    }

    private Node ParseName()
    {
        var token = Next;
        _at++;
        if (Next.Kind == TokenKind.LeftParen)
        {
            if (token.Text == FloorName) return ParseFloor(token);
            Report(token.Offset, CallMessage(token.Text));
            SkipTerm();
            return new Node.Broken(token.Offset);
        }

        if (token.Text is "in" or "now")
        {
            Report(token.Offset, LaterMessage(token.Text));
            if (!IsTermEnd(Next.Kind) && token.Text == "in") SkipTerm();
            return new Node.Broken(token.Offset);
        }

        return token.Text switch
        {
            TrueName => new Node.Truth(token.Offset, true),
            FalseName => new Node.Truth(token.Offset, false),
            _ => new Node.Name(token.Offset, token.Text),
        };
    }

    private Node ParseFloor(Token name)
    {
        var operand = ParseParenthesis();
        return Bounded(new Node.Floor(name.Offset, operand), name.Offset);
    }

    private Node ParseParenthesis()
    {
        var open = Next;
        _at++;
        if (!Enter(open.Offset)) return new Node.Broken(open.Offset);
        var node = ParseOr();
        _depth--;
        if (Next.Kind == TokenKind.RightParen) _at++;
        else Report(Next.Offset, $"Expected ')' for the '(' at character {open.Offset + 1}, found {Describe(Next)}.");
        return node;
    }

    private bool Enter(int offset)
    {
        if (++_depth <= ConditionLimits.DepthMax) return true;
        Stop(offset);
        return false;
    }

    private Node Bounded(Node node, int offset)
    {
        if (node.Depth <= ConditionLimits.DepthMax) return node;
        Stop(offset);
        return new Node.Broken(offset);
    }

    /// <summary>Nothing after a text that is nested too deep is worth a message.</summary>
    private void Stop(int offset)
    {
        Report(offset, $"This is nested too deep: at most {ConditionLimits.DepthMax} levels, operators included.");
        _stopped = true;
        _at = tokens.Count - 1;
    }

    private void Report(int offset, string message)
    {
        if (!_stopped) errors.Add(offset, message);
    }

    private static bool IsTermEnd(TokenKind kind) =>
        kind is TokenKind.End or TokenKind.And or TokenKind.Or or TokenKind.RightParen;

    private void SkipTerm()
    {
        var open = 0;
        for (; Next.Kind != TokenKind.End && (open > 0 || !IsTermEnd(Next.Kind)); _at++)
        {
            if (Next.Text is "(" or "[" or "{" && Next.Kind != TokenKind.Text) open++;
            else if (Next.Text is ")" or "]" or "}" && Next.Kind != TokenKind.Text && open > 0) open--;
        }
    }

    private void ReportAfterValue() => Report(Next.Offset, Next switch
    {
        { Kind: TokenKind.Later } => LaterMessage(Next.Text),
        { Kind: TokenKind.Name, Text: "in" } => LaterMessage("in"),
        { Kind: TokenKind.Name, Text: "and" or "AND" } => "Expected an operator, found 'and': write '&&'.",
        { Kind: TokenKind.Name, Text: "or" or "OR" } => "Expected an operator, found 'or': write '||'.",
        _ => $"Expected an operator or the end, found {Describe(Next)}.",
    });

    private static string LaterMessage(string text) => text switch
    {
        "in" => "'in' is not supported yet: write each case, such as a == 'x' || a == 'y'.",
        "now" => "'now' and the functions of time are not supported yet.",
        "?" or ":" => "The choice 'a ? b : c' is not supported yet.",
        "[" or "]" => "Lists and '[...]' are not supported yet.",
        "{" or "}" => "Maps and '{...}' are not supported yet.",
        "." => "Methods after a value, such as .size(), are not supported yet.",
        _ => $"Found '{text}': expected an operator or ')'. floor(...) takes one value.",
    };

    private static string CallMessage(string name) => name.Contains('.', StringComparison.Ordinal)
        ? $"{ErrorList.Quote(name)} is called like a method: methods are not supported yet."
        : string.Equals(name, FloorName, StringComparison.OrdinalIgnoreCase)
            ? "Write floor(...) in lower case."
            : $"The function {ErrorList.Quote(name)} is not supported yet: floor(...) is the only one.";

    private static string Describe(Token token) => token.Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text {ErrorList.Quote(token.Text)}",
        _ => ErrorList.Quote(token.Text),
    };
}
