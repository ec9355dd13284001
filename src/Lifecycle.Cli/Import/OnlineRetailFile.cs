using System.IO.Compression;
using CsvHelper;

namespace Lifecycle.Cli.Import;

/// <summary>
/// An Online Retail file (UCI; Chen, Sain and Guo 2012), read whole: an invoice's lines may be apart from each other.
/// Half a million lines take about 60 MB.
/// </summary>
/// <param name="LinesRead">Lines after the column names.</param>
/// <param name="Invoices">In the order of their time.</param>
/// <param name="Problems">Lines that belong to none of the invoices.</param>
internal sealed record OnlineRetailFile(
    long LinesRead, IReadOnlyList<Invoice> Invoices, IReadOnlyList<LineProblem> Problems)
{
    /// <summary>Bytes of one line; what is longer is another kind of file.</summary>
    private const int LineMax = 65_536;

    private const int ReportEvery = 10_000;

    // Without it the framework takes the end of a file cut off in the middle for the end of its text, and the invoice
    // that was being read is sent with half of its lines.
    static OnlineRetailFile() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Reads a plain or gzip-compressed file.</summary>
    /// <param name="file">Positioned at its start; seekable.</param>
    /// <param name="report">Told now and then how many bytes of <paramref name="file"/> were read.</param>
    /// <exception cref="CommandFailedException">It is no such file.</exception>
    public static OnlineRetailFile Read(Stream file, Action<long> report, CancellationToken cancel)
    {
        try
        {
            return ReadLines(Decompress(file), () => report(file.Position), cancel);
        }
        catch (InvalidDataException failure)
        {
            throw new CommandFailedException(
                "The file is damaged or ends early: it starts as gzip and cannot be unpacked to its end. Nothing was sent.",
                failure);
        }
        catch (CsvFormatException failure)
        {
            throw new CommandFailedException($"This is no Online Retail file: {failure.Message}", failure);
        }
    }

    internal static Stream Decompress(Stream file)
    {
        var gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static OnlineRetailFile ReadLines(Stream text, Action report, CancellationToken cancel)
    {
        var malformed = 0L;
        using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = ',',
            // One quotation mark left open must not swallow the lines after it.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => malformed = record.LineNumber,
            MaxRecordSize = LineMax,
            PoolStrings = true,
            TrackLineNumbers = true,
        });
        var columns = FindColumns(csv.Headers.ToArray());
        var book = new InvoiceBook();
        while (csv.Read())
        {
            if (csv.FieldCount != columns.Length)
            {
                book.AddUnreadable(
                    csv.LineNumber, LineReasons.ColumnCount, $"{csv.FieldCount} columns instead of {columns.Length}");
            }
            else if (malformed == csv.LineNumber)
            {
                book.AddUnreadable(csv.LineNumber, LineReasons.Quoting, "a quotation mark where none belongs");
            }
            else
            {
                book.Add(LineOf(csv, columns), csv.LineNumber);
            }
            if (book.LinesRead % ReportEvery != 0) continue;
            report();
            cancel.ThrowIfCancellationRequested();
        }
        report();
        var (invoices, problems) = book.Close();
        return new(book.LinesRead, invoices, problems);
    }

    private static OnlineRetailLine LineOf(CsvReader csv, int[] columns) => new(
        csv.GetString(columns[0]), csv.GetString(columns[1]), csv.GetString(columns[3]), csv.GetString(columns[4]),
        csv.GetString(columns[5]), csv.GetString(columns[6]), csv.GetString(columns[7]));

    /// <summary>Where each of the known columns stands in this file.</summary>
    private static int[] FindColumns(string[] named)
    {
        var columns = Array.ConvertAll(OnlineRetailLine.Columns, column => Array.IndexOf(named, column));
        if (columns.Contains(-1) || named.Length != columns.Length)
        {
            throw new CommandFailedException(
                "This is no Online Retail file: its first line must name the columns "
                + $"{string.Join(", ", OnlineRetailLine.Columns)}.");
        }
        return columns;
    }
}
