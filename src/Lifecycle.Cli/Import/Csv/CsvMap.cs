using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>How the rows of a CSV file become events. <c>docs/import.md</c> explains the document.</summary>
internal sealed record CsvMap
{
    public required CsvDialect Dialect { get; init; }

    public required CsvNumbers Numbers { get; init; }

    public required CsvTime Time { get; init; }

    /// <summary>Rows with the same text are one event; null when each row is one.</summary>
    public CsvTemplate? Group { get; init; }

    public required CsvTemplate Id { get; init; }

    public required CsvValue Type { get; init; }

    public required string Source { get; init; }

    public required CsvTemplate Customer { get; init; }

    /// <summary>Null when amounts are in hundredths of whatever the program counts in.</summary>
    public CsvTemplate? Currency { get; init; }

    public required CsvObject Data { get; init; }

    /// <summary>One item a row; null for none.</summary>
    public CsvObject? Items { get; init; }
}

/// <param name="Empty">Cells that mean that there is nothing.</param>
internal sealed record CsvDialect(
    char Delimiter, char Quote, bool IsLatin1, bool HasHeader, bool LineBreaks, IReadOnlyList<string> Empty);

/// <param name="Thousands">Null for none.</param>
internal sealed record CsvNumbers(char Decimal, char? Thousands);

/// <param name="Formats">Of .NET; empty for RFC 3339.</param>
/// <param name="Zone">Of times that name no offset; null for UTC.</param>
/// <param name="Skipped">What a local time is that clocks leapt over.</param>
/// <param name="Ambiguous">What a local time is that clocks showed twice.</param>
internal sealed record CsvTime(
    CsvTemplate Text, IReadOnlyList<string> Formats, TimeZoneInfo? Zone, LocalTimeChoice Skipped,
    LocalTimeChoice Ambiguous);

internal enum LocalTimeChoice
{
    Earlier,
    Later,
    Reject,
}

/// <summary>A JSON object of the event.</summary>
internal sealed record CsvObject(IReadOnlyList<(string Name, CsvNode Node)> Members);

/// <summary>What stands under one name.</summary>
internal abstract record CsvNode
{
    private CsvNode()
    {
    }

    public sealed record Value(CsvValue Of) : CsvNode;

    public sealed record Nested(CsvObject Object) : CsvNode;

    /// <summary>The sum of a member of all items.</summary>
    public sealed record Sum(string Member) : CsvNode;
}

/// <summary>A text and what is made of it.</summary>
/// <param name="Text">Nothing when a column of it is empty.</param>
/// <param name="Values">Null when the text is the value; else every text that may stand there.</param>
/// <param name="Default">For nothing; null for leaving the field out.</param>
/// <param name="Times">Multiplied with the number in this column.</param>
internal sealed record CsvValue(
    CsvTemplate Text, CsvKind Kind, IReadOnlyDictionary<string, string>? Values, string? Default, CsvTemplate? Times,
    bool Negate, bool Round);

internal enum CsvKind
{
    Text,
    Integer,
    Number,
    Boolean,
    Time,

    /// <summary>A decimal amount, written as minor units of the currency.</summary>
    Money,
}

internal static class CsvKinds
{
    public static readonly IReadOnlyDictionary<string, CsvKind> ByName = Enum.GetValues<CsvKind>()
        .ToDictionary(kind => kind.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private static readonly Dictionary<string, FieldKind> Declared = EventSchema.Fields.Values
        .ToDictionary(field => field.Name, field => field.Kind, StringComparer.Ordinal);

    /// <summary>What a field of this name is, unless the map says otherwise.</summary>
    public static CsvKind Of(string field)
    {
        if (field.EndsWith("_minor", StringComparison.Ordinal)) return CsvKind.Money;
        if (field == "quantity") return CsvKind.Integer;
        return Declared.GetValueOrDefault(field, FieldKind.Text) switch
        {
            FieldKind.Integer => CsvKind.Integer,
            FieldKind.Number => CsvKind.Number,
            FieldKind.Boolean => CsvKind.Boolean,
            FieldKind.Time => CsvKind.Time,
            _ => CsvKind.Text,
        };
    }
}

/// <summary>Text with columns in braces: <c>{Order}-{Line}</c>. A brace of its own is written twice.</summary>
/// <param name="Parts">Text, or a column with its place in the document.</param>
internal sealed record CsvTemplate(Position At, IReadOnlyList<CsvTemplate.Part> Parts)
{
    /// <param name="Text">The text, or the name of the column.</param>
    /// <param name="IsColumn">A column of the file.</param>
    public sealed record Part(string Text, bool IsColumn)
    {
        /// <summary>Where the column stands, once the file is known.</summary>
        public int Column { get; set; } = -1;
    }

    public static CsvTemplate OfColumn(Position at, string column) => new(at, [new(column, IsColumn: true)]);

    public IEnumerable<Part> Columns => Parts.Where(part => part.IsColumn);

    /// <summary>Null when a brace is open or closed alone.</summary>
    public static CsvTemplate? Parse(Position at, string text)
    {
        var parts = new List<Part>();
        var plain = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var twice = i + 1 < text.Length && text[i + 1] == text[i];
            if (text[i] is '{' or '}' && twice)
            {
                plain.Append(text[i++]);
            }
            else if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                if (end < i + 2) return null;
                if (plain.Length > 0) parts.Add(new(plain.ToString(), IsColumn: false));
                plain.Clear();
                parts.Add(new(text[(i + 1)..end], IsColumn: true));
                i = end;
            }
            else if (text[i] == '}')
            {
                return null;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        if (plain.Length > 0) parts.Add(new(plain.ToString(), IsColumn: false));
        return new(at, parts);
    }

    /// <summary>Null when one of the columns is empty.</summary>
    public string? Of(CsvRow row)
    {
        if (Parts is [var only]) return only.IsColumn ? row[only.Column] : only.Text;
        var text = new System.Text.StringBuilder();
        foreach (var part in Parts)
        {
            if ((part.IsColumn ? row[part.Column] : part.Text) is not { } piece) return null;
            text.Append(piece);
        }

        return text.ToString();
    }
}

/// <summary>The cells of one row.</summary>
internal sealed class CsvRow(string[] cells, long fileLine, IReadOnlyList<string> empty)
{
    public long FileLine => fileLine;

    /// <summary>Null for a cell that means nothing.</summary>
    public string? this[int column] => cells[column] is { Length: > 0 } cell && !empty.Contains(cell) ? cell : null;
}
