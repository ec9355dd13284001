using System.Globalization;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Cli.Import;

/// <summary>The fields of one line of an Online Retail file, as text, and what they mean.</summary>
internal readonly record struct OnlineRetailLine(
    string Invoice, string Sku, string Quantity, string Date, string Price, string Customer, string Country)
{
    /// <summary>The columns that the first line must name, in any order.</summary>
    public static readonly string[] Columns =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

    /// <summary>How the file says that there is no value.</summary>
    private const string Missing = "NA";

    /// <summary>A larger price is a mistake.</summary>
    private const long PriceMax = 1_000_000_000;

    private static readonly string[] DateFormats =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss"];

    public string? CustomerOrNull => IsMissing(Customer) ? null : Customer;

    public string CountryOrEmpty => IsMissing(Country) ? "" : Country;

    /// <summary>Reads the values. Answers why it cannot, or null when it can.</summary>
    public (string Reason, string Detail)? Read(out InvoiceLine line, out DateTime at)
    {
        (line, at) = (default, default);
        if (IsMissing(Invoice)) return (LineReasons.MissingInvoice, "there is no invoice number");
        if (!long.TryParse(Quantity, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quantity)
            || quantity is < -InputLimits.QuantityMax or > InputLimits.QuantityMax)
        {
            return (LineReasons.BadQuantity, $"'{Quantity}' is no whole number up to {InputLimits.QuantityMax}");
        }
        if (!decimal.TryParse(Price, NumberStyles.Float, CultureInfo.InvariantCulture, out var price)
            || price is < -PriceMax or > PriceMax)
        {
            return (LineReasons.BadPrice, $"'{Price}' is not a price up to {PriceMax}");
        }
        if (!DateTime.TryParseExact(Date, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out at))
            return (LineReasons.BadDate, $"'{Date}' is not a time of the form 2010-12-01 08:26:00");

        var minor = decimal.Round(quantity * price * 100, MidpointRounding.AwayFromZero);
        if (minor is < -InputLimits.AmountMax or > InputLimits.AmountMax)
            return (LineReasons.BadPrice, $"{quantity} pieces at '{Price}' are more than {InputLimits.AmountMax}");
        line = new InvoiceLine(Sku, quantity, (long)minor);
        return null;
    }

    private static bool IsMissing(string text) => text.Length == 0 || text == Missing;
}
