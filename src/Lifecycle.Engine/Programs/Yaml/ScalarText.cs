using YamlDotNet.Core;

namespace Lifecycle.Engine.Programs.Yaml;

/// <summary>Finds the place in the document where a character of a value was written.</summary>
internal static class ScalarText
{
    /// <summary>
    /// Walks the value and its source side by side over quotes, escapes, folded lines and indentation. If they part,
    /// the value's own start is the answer.
    /// </summary>
    public static Position Locate(string document, DocumentNode.Scalar scalar, int offset)
    {
        var at = FirstCharacter(document, scalar);
        for (var i = 0; i < Math.Min(offset, scalar.Text.Length); i++)
            if (!Step(document, scalar.Style, scalar.Text[i], ref at)) return scalar.At;

        // Where the next character is the first of a folded line, the place is after the indentation.
        if (offset < scalar.Text.Length && At(document, at) != scalar.Text[offset] && IsBlank(At(document, at)))
            SkipBlanks(document, ref at);
        return ToPosition(document, at);
    }

    private static int FirstCharacter(string document, DocumentNode.Scalar scalar)
    {
        switch (scalar.Style)
        {
            case ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted:
                return scalar.Index + 1;
            case ScalarStyle.Literal or ScalarStyle.Folded:
                var lineEnd = document.IndexOf('\n', scalar.Index);
                return lineEnd < 0 ? document.Length : lineEnd;
            default:
                return scalar.Index;
        }
    }

    /// <summary>Moves past the source of one character of the value.</summary>
    private static bool Step(string document, ScalarStyle style, char c, ref int at)
    {
        if (style == ScalarStyle.DoubleQuoted && At(document, at) == '\\')
        {
            if (At(document, at + 1) == '\n')
            {
                at++;
                SkipBlanks(document, ref at);
                return Step(document, style, c, ref at);
            }

            at += At(document, at + 1) switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
            return true;
        }

        if (At(document, at) != c)
        {
            if (!IsBlank(At(document, at))) return false;
            SkipBlanks(document, ref at);
            if (c is ' ' or '\n') return true;
            if (At(document, at) != c) return false;
        }

        at += style == ScalarStyle.SingleQuoted && c == '\'' ? 2 : 1;
        return true;
    }

    private static void SkipBlanks(string document, ref int at)
    {
        while (IsBlank(At(document, at))) at++;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n';

    private static char At(string document, int at) => at < document.Length ? document[at] : '\0';

    private static Position ToPosition(string document, int at)
    {
        var before = document.AsSpan(0, Math.Min(at, document.Length));
        return new(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
