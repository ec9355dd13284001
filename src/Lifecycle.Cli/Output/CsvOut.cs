using CsvHelper;

namespace Lifecycle.Cli.Output;

/// <summary>CSV (RFC 4180).</summary>
internal static class CsvOut
{
    /// <summary>A line of column names, then a line for each row.</summary>
    public static void Write(
        TextWriter writer, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var csv = CsvWriter.Create(writer, leaveOpen: true);
        foreach (var record in rows.Prepend(columns)) WriteRecord(csv, record);
    }

    public static void WriteRecord(CsvWriter csv, IReadOnlyList<string> cells)
    {
        foreach (var cell in cells) csv.WriteField(cell);
        csv.EndRecord();
    }
}
