using System.Globalization;

namespace Lifecycle.Cli.Import;

/// <summary>
/// The CDNOW purchase log (Fader and Hardie 2001): one purchase a line, of a day without a time, in US dollars. The
/// whole cohort has the columns customer, day, number, dollars; the sample has the customer's number in it before.
/// </summary>
internal static class CdnowFile
{
    private const int ColumnsOfCohort = 4;
    private const int ReportEvery = 10_000;

    /// <summary>Characters of one line; what is longer is another kind of file.</summary>
    private const int LineMax = 1_000;

    /// <summary>A larger price is a mistake.</summary>
    private const decimal DollarsMax = 1_000_000;

    /// <param name="file">Positioned at its start; seekable.</param>
    /// <param name="countFree">Orders of nothing are sent as orders of one cent; see the documentation.</param>
    /// <param name="report">Told now and then how many bytes of <paramref name="file"/> were read.</param>
    /// <exception cref="CommandFailedException">It is no such file.</exception>
    public static ImportFile Read(Stream file, bool countFree, Action<long> report, CancellationToken cancel)
    {
        using var text = new StreamReader(file, leaveOpen: true);
        var (fileLine, linesRead, columns) = (0L, 0L, 0);
        var events = new List<CdnowOrder>();
        var problems = new List<LineProblem>();
        var orders = new Dictionary<(string, DateTime), int>();
        while (text.ReadLine() is { } line)
        {
            fileLine++;
            if (line.Length > LineMax) throw NoSuchFile($"line {fileLine} has {line.Length} characters");
            var cells = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0 || (fileLine == 1 && cells[0] == "customer_id")) continue;
            if (columns == 0) columns = cells.Length;
            if (columns is not (ColumnsOfCohort or ColumnsOfCohort + 1))
                throw NoSuchFile($"line {fileLine} has {cells.Length} columns");
            linesRead++;
            if (ReadOrder(cells, columns, fileLine, countFree, out var order) is { } problem)
            {
                problems.Add(problem);
                continue;
            }

            var day = (order.Customer!, order.At);
            orders[day] = order.OfDay = orders.GetValueOrDefault(day) + 1;
            events.Add(order);
            if (linesRead % ReportEvery != 0) continue;
            report(file.Position);
            cancel.ThrowIfCancellationRequested();
        }

        report(file.Position);
        if (linesRead == 0) throw NoSuchFile("it is empty");
        return new(linesRead, [.. events.OrderBy(e => e.At).ThenBy(e => e.FileLine)], problems);
    }

    private static LineProblem? ReadOrder(
        string[] cells, int columns, long fileLine, bool countFree, out CdnowOrder order)
    {
        order = null!;
        if (cells.Length != columns)
            return Problem(LineReasons.ColumnCount, $"{cells.Length} columns instead of {columns}");
        // The number in the cohort, also in the sample: both files name the same orders.
        var (customer, date, pieces, price) = (cells[0], cells[^3], cells[^2], cells[^1]);
        if (customer.Length > 32 || customer.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return Problem(LineReasons.BadCustomer, $"'{customer}' is no number of a customer");
        if (!DateTime.TryParseExact(
            date, "yyyyMMdd", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day))
            return Problem(LineReasons.BadDate, $"'{date}' is not a day of the form 19970101");
        if (!long.TryParse(pieces, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity)
            || quantity is 0 or > 1_000_000)
            return Problem(LineReasons.BadQuantity, $"'{pieces}' is no whole number from 1 to 1000000");
        if (!decimal.TryParse(price, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars)
            || dollars > DollarsMax || decimal.Truncate(dollars * 100) != dollars * 100)
            return Problem(LineReasons.BadPrice, $"'{price}' is not an amount of whole cents up to {DollarsMax}");
        var minor = (long)(dollars * 100);
        order = new CdnowOrder(customer, day, quantity, minor == 0 && countFree ? 1 : minor, fileLine);
        return null;

        LineProblem Problem(string reason, string detail) => new(fileLine, "", reason, detail);
    }

    private static CommandFailedException NoSuchFile(string why) => new(
        $"This is no CDNOW file: {why}. A line has customer, day (19970101), number of CDs and dollars, and in the "
        + "sample the customer's number in the sample as the second.");
}
