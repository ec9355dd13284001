using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lifecycle.Engine.Programs.Yaml;

/// <summary>
/// YAML to nodes with positions. It takes less than YAML allows: one document, no anchors, aliases or tags, unique keys
/// of one word, and a bounded depth, because the reader underneath slows down with the square of it.
/// </summary>
internal sealed class DocumentParser
{
    /// <summary>Maps and lists inside each other; a program needs five.</summary>
    public const int DepthMax = 16;

    private readonly Parser _parser;
    private readonly DocumentErrors _errors;
    private int _depth;

    private DocumentParser(string text, DocumentErrors errors)
    {
        _parser = new Parser(new StringReader(text));
        _errors = errors;
    }

    /// <summary>The root; null when the text is no such document, which is reported then.</summary>
    /// <param name="text">With line ends of one character.</param>
    public static DocumentNode? Parse(string text, DocumentErrors errors)
    {
        if (FindUnreadable(text) is { } at)
        {
            errors.Add(at.Position, $"The character U+{(int)text[at.Index]:X4} is not allowed in a document.");
            return null;
        }

        try
        {
            return new DocumentParser(text, errors).ParseDocument();
        }
        catch (RefusedException e)
        {
            errors.Add(e.At, e.Message);
        }
        catch (YamlException e)
        {
            errors.Add(ToPosition(e.Start), $"This is not valid YAML: {e.Message}");
        }

        return null;
    }

    /// <summary>Control characters and the line ends that only YAML knows: the reader would stop there.</summary>
    private static (int Index, Position Position)? FindUnreadable(string text)
    {
        var (line, lineStart) = (1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n') (line, lineStart) = (line + 1, i + 1);
            else if ((char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029' or '\uFEFF')
                return (i, new(line, i - lineStart + 1));
        }

        return null;
    }

    private DocumentNode ParseDocument()
    {
        Next();
        if (_parser.Current is StreamEnd)
        {
            throw new RefusedException(
                Position.Start, "The document is empty: expected keys such as 'program: my-program'.");
        }

        Next();
        var root = ParseNode();
        Next();
        if (_parser.Current is not StreamEnd)
        {
            throw new RefusedException(
                ToPosition(_parser.Current!.Start), "A second document starts here: expected one document only.");
        }

        return root;
    }

    private DocumentNode ParseNode()
    {
        var found = Next();
        var at = ToPosition(found.Start);
        if (FindForbidden(found) is { } reason) throw new RefusedException(at, reason);
        if (found is Scalar scalar)
            return new DocumentNode.Scalar(at, scalar.Value, scalar.Style, (int)scalar.Start.Index);
        if (++_depth > DepthMax)
            throw new RefusedException(at, $"Maps and lists are nested too deep: at most {DepthMax} levels.");
        DocumentNode result = found switch
        {
            SequenceStart => ParseList(at),
            MappingStart => ParseMap(at),
            _ => throw new RefusedException(at, "Expected a value here."),
        };
        _depth--;
        return result;
    }

    private static string? FindForbidden(ParsingEvent found) => found switch
    {
        AnchorAlias => "Aliases (*name) are not allowed: write the value out.",
        NodeEvent { Anchor.IsEmpty: false } => "Anchors (&name) are not allowed: write the value out.",
        NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } =>
            "Tags (!name) are not allowed: put the value in quotes if it begins with '!'.",
        _ => null,
    };

    private DocumentNode.List ParseList(Position at)
    {
        var items = new List<DocumentNode>();
        while (_parser.Current is not SequenceEnd) items.Add(ParseNode());
        Next();
        return new(at, items);
    }

    private DocumentNode.Map ParseMap(Position at)
    {
        var entries = new List<(DocumentNode.Scalar, DocumentNode)>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var key = ParseNode();
            var value = ParseNode();
            if (key is not DocumentNode.Scalar name)
                _errors.Add(key.At, $"A key must be a word, but this is {key.Kind}.");
            else if (!keys.Add(name.Text))
                _errors.Add(key.At, $"The key {DocumentErrors.Quote(name.Text)} is here twice: keep one.");
            else
                entries.Add((name, value));
        }

        Next();
        return new(at, entries);
    }

    /// <summary>The next event. On some broken texts the reader fails on its own state and names no place.</summary>
    private ParsingEvent Next()
    {
        var at = _parser.Current is { } current ? ToPosition(current.Start) : Position.Start;
        try
        {
            return _parser.Consume<ParsingEvent>();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new RefusedException(at, "This is not valid YAML: something after this place cannot be read.");
        }
    }

    private static Position ToPosition(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private sealed class RefusedException(Position at, string message) : Exception(message)
    {
        public Position At { get; } = at;
    }
}
