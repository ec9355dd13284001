using System.Text.Json;

namespace Lifecycle.Cli.Output;

/// <summary>Reports as the API answers them, for a person or a spreadsheet.</summary>
internal static class ReportOut
{
    private static readonly List<string> CatalogueColumns = ["name", "title", "definition"];

    public static void WriteTable(TextWriter writer, JsonElement answer)
    {
        var (columns, rows) = RowsOf(Answers.Array(answer, "rows"));
        TableOut.Write(writer, columns, rows);
        writer.WriteLine($"as of {Answers.Text(answer, "as_of")}, feed position {Answers.Text(answer, "position")}");
    }

    public static void WriteCsv(TextWriter writer, JsonElement answer)
    {
        var (columns, rows) = RowsOf(Answers.Array(answer, "rows"));
        CsvOut.Write(writer, columns, rows);
    }

    public static void WriteCatalogue(TextWriter writer, JsonElement answer, bool csv)
    {
        var reports = Answers.Array(answer, "reports").EnumerateArray()
            .Select(report => CatalogueColumns.ConvertAll(column => Answers.Text(report, column)))
            .ToList();
        if (csv)
        {
            CsvOut.Write(writer, CatalogueColumns, reports);
            return;
        }
        foreach (var report in reports) writer.WriteLine($"{report[0]}: {report[1]}\n  {report[2]}");
    }

    /// <summary>Columns are the names of the first row; every row of a report has the same.</summary>
    private static (IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) RowsOf(JsonElement rows)
    {
        var columns = rows.EnumerateArray().Select(row => row.EnumerateObject().Select(cell => cell.Name).ToList())
            .FirstOrDefault([]);
        return (
            columns,
            rows.EnumerateArray()
                .Select(row => (IReadOnlyList<string>)columns.ConvertAll(column => Answers.Text(row, column)))
                .ToList());
    }
}
