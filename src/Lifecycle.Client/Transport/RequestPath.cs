using System.Globalization;
using System.Text;

namespace Lifecycle.Client.Transport;

/// <summary>Builds a path with its query, all of it escaped.</summary>
internal sealed class RequestPath(string path)
{
    private readonly StringBuilder _text = new(path);
    private bool _hasQuery;

    /// <summary>The path of a customer, or of something below one.</summary>
    /// <exception cref="ArgumentException">No path can hold the id.</exception>
    public static RequestPath OfCustomer(string customer, string below = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(customer);
        if (customer is "." or "..")
            throw new ArgumentException("A customer cannot be . or .., which no path can hold.", nameof(customer));
        return new($"v1/customers/{Uri.EscapeDataString(customer)}{below}");
    }

    /// <summary>Adds a parameter unless it is null.</summary>
    public RequestPath With(string name, string? value)
    {
        if (value is null) return this;
        _text.Append(_hasQuery ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _hasQuery = true;
        return this;
    }

    public RequestPath With(string name, DateTimeOffset? time) =>
        With(name, time is { } at ? Wire.TextOf(at) : null);

    public RequestPath With(string name, long? number) =>
        With(name, number?.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
