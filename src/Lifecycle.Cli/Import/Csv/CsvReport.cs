using System.Globalization;
using System.Text;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>
/// The rows that were not taken, as they are in the file, with the line and the problem behind them: to be corrected
/// and imported with the same map, which does not name those two columns.
/// </summary>
internal static class CsvReport
{
    private const string LineColumn = "import_line";
    private const string ProblemColumn = "import_problem";

    /// <param name="file">The file that was imported; it is read once more.</param>
    public static void Write(string path, Stream file, CsvDialect dialect, IReadOnlyList<LineProblem> problems)
    {
        var byLine = problems.GroupBy(problem => problem.FileLine).ToDictionary(group => group.Key, group => group.First());
        using var writer = new StreamWriter(path, append: false, dialect.IsLatin1 ? Encoding.Latin1 : new UTF8Encoding(false));
        var isFirst = true;
        int[] kept = [];
        foreach (var record in CsvFile.Records(file, dialect))
        {
            if (isFirst)
            {
                // A report that is imported has these columns already.
                kept = [.. Enumerable.Range(0, Math.Max(record.Names.Count, record.Cells.Length))
                    .Where(i => i >= record.Names.Count || record.Names[i] is not (LineColumn or ProblemColumn))];
                if (dialect.HasHeader)
                    WriteRow(writer, dialect, [.. Of(kept, record.Names), LineColumn, ProblemColumn]);
                isFirst = false;
            }

            if (!byLine.TryGetValue(record.FileLine, out var problem)) continue;
            var cells = record.Cells.Length > kept.Length && record.Problem is not null
                ? record.Cells
                : Of(kept, record.Cells);
            var line = record.FileLine.ToString(CultureInfo.InvariantCulture);
            WriteRow(writer, dialect, [.. cells, line, $"{problem.Reason}: {problem.Detail}"]);
        }
    }

    private static IReadOnlyList<string> Of(int[] kept, IReadOnlyList<string> cells) =>
        [.. kept.Select(i => i < cells.Count ? cells[i] : "")];

    private static void WriteRow(TextWriter writer, CsvDialect dialect, IReadOnlyList<string> cells)
    {
        var (quote, twice) = ($"{dialect.Quote}", $"{dialect.Quote}{dialect.Quote}");
        char[] special = [dialect.Delimiter, dialect.Quote, '\r', '\n'];
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0) writer.Write(dialect.Delimiter);
            writer.Write(cells[i].IndexOfAny(special) < 0
                ? cells[i]
                : $"{quote}{cells[i].Replace(quote, twice, StringComparison.Ordinal)}{quote}");
        }

        writer.Write("\r\n");
    }
}
