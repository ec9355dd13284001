namespace Lifecycle.Cli.Import;

/// <summary>One invoice of the file with all its lines: one event.</summary>
internal sealed class Invoice(string number, string? customer, string country, DateTime at, long fileLine)
{
    /// <summary>The prefix of an invoice number that makes it a cancellation.</summary>
    private const char ReturnPrefix = 'C';

    private readonly List<InvoiceLine> _lines = [];

    public string Number => number;

    /// <summary>Null where the file names none.</summary>
    public string? Customer => customer;

    /// <summary>Empty where the file names none.</summary>
    public string Country => country;

    /// <summary>The earliest time of its lines, taken as UTC.</summary>
    public DateTime At { get; private set; } = at;

    /// <summary>Where the file first names it.</summary>
    public long FileLine => fileLine;

    public IReadOnlyList<InvoiceLine> Lines => _lines;

    public bool IsReturn => number.StartsWith(ReturnPrefix);

    public void Add(InvoiceLine line, DateTime at)
    {
        _lines.Add(line);
        if (at < At) At = at;
    }
}

/// <summary>A line with the file's own signs: what is returned is negative.</summary>
/// <param name="Sku">The stock code.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="AmountMinor">Quantity × price in hundredths, halves away from zero.</param>
internal readonly record struct InvoiceLine(string Sku, long Quantity, long AmountMinor);

/// <summary>A line that is sent to nobody, and why.</summary>
/// <param name="FileLine">Counted from 1, the line of column names included.</param>
/// <param name="Invoice">Its number; empty where it could not be read.</param>
/// <param name="Reason">One of <see cref="LineReasons"/>.</param>
/// <param name="Detail">For a person: what was found.</param>
internal sealed record LineProblem(long FileLine, string Invoice, string Reason, string Detail);

/// <summary>Why a line is sent to nobody.</summary>
internal static class LineReasons
{
    public const string ColumnCount = "column_count";
    public const string Quoting = "quoting";
    public const string MissingInvoice = "missing_invoice";
    public const string BadQuantity = "bad_quantity";
    public const string BadPrice = "bad_price";
    public const string BadDate = "bad_date";

    /// <summary>Lines of one invoice name different customers.</summary>
    public const string MixedCustomers = "mixed_customers";

    /// <summary>Another line of the invoice cannot be read, and half an order would be a wrong order.</summary>
    public const string IncompleteInvoice = "incomplete_invoice";
}
