using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Lifecycle.Analytics.Reports;

/// <summary>A report as JSON and as CSV, the same wherever it is read.</summary>
public static class ReportFormats
{
    private static readonly char[] Quoted = ['"', ',', '\r', '\n'];

    /// <summary>
    /// <c>{report, as_of, position, rows[{…}]}</c>, each row an object by column; a missing value is null.
    /// </summary>
    public static void WriteJson(Utf8JsonWriter json, ReportTable table)
    {
        json.WriteStartObject();
        json.WriteString("report", table.Report);
        json.WriteString("as_of", table.AsOf.ToString());
        json.WriteNumber("position", table.Position);
        json.WriteStartArray("rows");
        foreach (var row in table.Rows)
        {
            WriteJsonRow(json, table.Columns, row);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One object by column; a missing value is null.</summary>
    public static void WriteJsonRow(Utf8JsonWriter json, IReadOnlyList<string> columns, IEnumerable<ReportCell> cells)
    {
        json.WriteStartObject();
        var column = 0;
        foreach (var cell in cells) WriteCell(json, columns[column++], cell);
        json.WriteEndObject();
    }

    /// <summary>One line (RFC 4180); a missing value is empty.</summary>
    public static void WriteCsvLine(TextWriter csv, IEnumerable<ReportCell> cells) =>
        WriteLine(csv, cells.Select(TextOf));

    /// <summary>A line of column names, then a line for each row (RFC 4180); a missing value is empty.</summary>
    public static void WriteCsv(TextWriter csv, ReportTable table)
    {
        WriteLine(csv, table.Columns);
        foreach (var row in table.Rows) WriteCsvLine(csv, row);
    }

    /// <summary>The cell for a person or a CSV file; empty for a missing one.</summary>
    public static string TextOf(ReportCell cell) => cell switch
    {
        ReportCell.Text text => text.Value,
        ReportCell.Whole whole => whole.Value.ToString(CultureInfo.InvariantCulture),
        ReportCell.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        ReportCell.Missing => "",
        _ => throw new UnreachableException($"A cell of type {cell.GetType()} has no text."),
    };

    private static void WriteCell(Utf8JsonWriter json, string name, ReportCell cell)
    {
        switch (cell)
        {
            case ReportCell.Text text:
                json.WriteString(name, text.Value);
                break;
            case ReportCell.Whole whole:
                json.WriteNumber(name, whole.Value);
                break;
            case ReportCell.Number number:
                json.WriteNumber(name, number.Value);
                break;
            case ReportCell.Missing:
                json.WriteNull(name);
                break;
            default:
                throw new UnreachableException($"A cell of type {cell.GetType()} has no JSON.");
        }
    }

    private static void WriteLine(TextWriter csv, IEnumerable<string> cells)
    {
        csv.Write(string.Join(',', cells.Select(Quote)));
        csv.Write("\r\n");
    }

    private static string Quote(string cell) =>
        cell.IndexOfAny(Quoted) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
