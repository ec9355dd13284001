using System.Text;
using CsvHelper;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>Reads a CSV file by a map. Rows of one group may be apart, so a file with groups is held whole.</summary>
internal static class CsvFile
{
    /// <summary>Bytes of one row; what is longer is another kind of file.</summary>
    private const int RowMax = 1 << 20;

    private const int ReportEvery = 10_000;

    /// <param name="file">Positioned at its start; seekable; plain or gzip.</param>
    /// <param name="now">The latest time that an event may have.</param>
    /// <param name="errors">What the map names and the file has not.</param>
    /// <returns>Null where there are errors.</returns>
    public static ImportFile? Read(
        Stream file, CsvMap map, Instant now, DocumentErrors errors, Action<long> report, CancellationToken cancel)
    {
        var times = new CsvTimes(map.Time);
        var builder = new CsvEventBuilder(map, times, now);
        var groups = new Dictionary<string, List<CsvRow>>(StringComparer.Ordinal);
        var events = new List<ImportEvent>();
        var problems = new List<LineProblem>();
        // The reader closes the file behind its last record.
        var (linesRead, length) = (0L, file.Length);
        foreach (var record in Records(file, map.Dialect))
        {
            if (linesRead++ == 0)
            {
                CsvColumns.Bind(map, record.Names, record.Cells.Length, errors);
                if (errors.Count > 0) return null;
            }

            if (record.Problem is { } problem) problems.Add(problem);
            else Take(new(record.Cells, record.FileLine, map.Dialect.Empty));
            if (linesRead % ReportEvery != 0) continue;
            report(file.Position);
            cancel.ThrowIfCancellationRequested();
        }

        foreach (var rows in groups.Values) Build(rows);
        report(length);
        return new(
            linesRead, [.. events.OrderBy(e => e.At).ThenBy(e => e.FileLine)], [.. problems.OrderBy(p => p.FileLine)])
        {
            SkippedTimes = times.Skipped, AmbiguousTimes = times.Ambiguous,
        };

        void Take(CsvRow row)
        {
            if (map.Group?.Of(row) is not { } key) Build([row]);
            else if (groups.TryGetValue(key, out var rows)) rows.Add(row);
            else groups.Add(key, [row]);
        }

        void Build(IReadOnlyList<CsvRow> rows)
        {
            var (made, problem) = builder.Build(rows);
            if (made is not null) events.Add(made);
            if (problem is null) return;
            problems.Add(problem);
            problems.AddRange(rows.Where(r => r.FileLine != problem.FileLine).Select(r => new LineProblem(
                r.FileLine, "", LineReasons.IncompleteGroup, $"held back with line {problem.FileLine} of its event")));
        }
    }

    /// <summary>One record of the file, also one that cannot be used.</summary>
    internal sealed record Record(long FileLine, IReadOnlyList<string> Names, string[] Cells, LineProblem? Problem);

    /// <exception cref="CommandFailedException">It is no such file.</exception>
    internal static IEnumerable<Record> Records(Stream file, CsvDialect dialect)
    {
        var malformed = 0L;
        using var csv = Open(file, dialect, line => malformed = line);
        IReadOnlyList<string> names = [.. csv.Headers];
        var width = names.Count;
        while (Next(csv))
        {
            if (width == 0) width = csv.FieldCount;
            var cells = new string[csv.FieldCount];
            for (var i = 0; i < cells.Length; i++) cells[i] = csv.GetString(i);
            yield return new(csv.LineNumber, names, cells, ProblemOf(cells));
        }

        LineProblem? ProblemOf(string[] cells)
        {
            if (cells.Length != width)
                return new(csv.LineNumber, "", LineReasons.ColumnCount, $"{cells.Length} columns instead of {width}");
            if (malformed == csv.LineNumber)
                return new(csv.LineNumber, "", LineReasons.Quoting, "a quotation mark where none belongs");
            return cells.Any(cell => cell.Contains('\uFFFD', StringComparison.Ordinal))
                ? new(csv.LineNumber, "", LineReasons.BadEncoding, "bytes that are not UTF-8; is it 'encoding: latin1'?")
                : null;
        }
    }

    private static CsvReader Open(Stream file, CsvDialect dialect, Action<long> onMalformed)
    {
        try
        {
            return CsvReader.Create(OnlineRetailFile.Decompress(file), new CsvReaderOptions
            {
                Separator = dialect.Delimiter,
                Quote = dialect.Quote,
                Encoding = dialect.IsLatin1 ? Encoding.Latin1 : null,
                HasHeader = dialect.HasHeader,
                AllowLineBreaksInQuotes = dialect.LineBreaks,
                OnMalformedRecord = record => onMalformed(record.LineNumber),
                MaxRecordSize = RowMax,
                PoolStrings = true,
                TrackLineNumbers = true,
            });
        }
        catch (Exception failure) when (failure is CsvFormatException or InvalidDataException)
        {
            throw NoCsv(failure);
        }
    }

    private static bool Next(CsvReader csv)
    {
        try
        {
            return csv.Read();
        }
        catch (Exception failure) when (failure is CsvFormatException or InvalidDataException)
        {
            throw NoCsv(failure);
        }
    }

    private static CommandFailedException NoCsv(Exception failure) => new(
        $"This is no CSV file, or it is damaged or ends early: {failure.Message} Nothing was sent.", failure);
}
