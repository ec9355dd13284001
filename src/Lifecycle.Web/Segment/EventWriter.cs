using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Web.Segment;

/// <summary>Writes the data of one of our events from the properties of a message, by its mapping.</summary>
/// <param name="json">Stands inside of <c>data</c>.</param>
/// <param name="properties">Of the message.</param>
/// <param name="faults">What is wrong, by pointer into the message.</param>
/// <param name="currency">What amounts are in that name no currency: the program's.</param>
internal sealed partial class EventWriter(
    Utf8JsonWriter json, MessageProperties properties, Faults faults, string currency)
{
    private const string AmountWanted = "must be an amount such as 12.90, not negative";

    private int? _digits;

    public void Write(EventMapping mapping)
    {
        WriteCurrency(mapping);
        foreach (var field in mapping.Fields) Write(field);
        WriteChannel(mapping);
        var amount = mapping.Amount switch
        {
            AmountRule.Order => WriteOrderAmount(),
            AmountRule.Return => WriteMoney(EventSchema.AmountMinor, "total", "value"),
            _ => true,
        };
        // The amount of a return says what was paid back; lines beside it could say more.
        if (mapping.Amount == AmountRule.Return && amount) return;
        if (mapping.Lines == LineRule.Products) WriteProducts();
        else if (mapping.Lines == LineRule.Itself) WriteItself();
    }

    private void WriteCurrency(EventMapping mapping)
    {
        var isMoney = mapping.Amount != AmountRule.None || mapping.Lines != LineRule.None
            || mapping.Fields.Any(field => field.Rule == FieldRule.Money);
        if (!isMoney) return;
        var (name, code) = ("", currency);
        if (properties.Find("currency") is { } found)
        {
            (name, code) = (found.Name, found.Value.TextOf()?.ToUpperInvariant() ?? "");
            json.WriteString(EventSchema.Currency.Name, code);
            properties.Take(name);
        }

        _digits = MessageMoney.DigitsOf(code);
        if (_digits is null)
            faults.Add(
                QuarantineReasons.UnknownCurrency, "/properties/currency", "must be a code of ISO 4217, such as EUR");
    }

    private void Write(FieldSource field)
    {
        if (field.Rule == FieldRule.Money)
        {
            WriteMoney(field.To, field.From);
            return;
        }

        if (properties.Find(field.From) is not { } found) return;
        var written = field.Rule switch
        {
            FieldRule.Key => WriteKey(field.To, found.Value),
            FieldRule.Number => WriteNumber(field.To, found.Value),
            FieldRule.Count => WriteCount(field.To, found.Value),
            _ => WriteText(field.To, found.Value),
        };
        if (written) properties.Take(found.Name);
    }

    public bool WriteText(Field field, JsonElement value)
    {
        if (value.TextOf() is not { } text || text.Length > InputLimits.TextMax
            || text.AsSpan().ContainsAnyInRange('\0', '\u001F')) return false;
        json.WriteString(field.Name, text);
        return true;
    }

    private bool WriteKey(Field field, JsonElement value)
    {
        json.WritePropertyName(field.Name);
        if (value.TextOf() is { } text) json.WriteStringValue(text);
        else json.WriteRawValue(value.RawOf(), skipInputValidation: true);
        return true;
    }

    private bool WriteNumber(Field field, JsonElement value)
    {
        json.WritePropertyName(field.Name);
        if (value.DecimalOf() is { } number) json.WriteNumberValue(number);
        else json.WriteRawValue(value.RawOf(), skipInputValidation: true);
        return true;
    }

    private bool WriteCount(Field field, JsonElement value)
    {
        if (value.DecimalOf() is not { } number || number != decimal.Truncate(number)
            || number is < 0 or > InputLimits.AmountMax) return false;
        json.WriteNumber(field.Name, (long)number);
        return true;
    }

    private void WriteChannel(EventMapping mapping)
    {
        if (properties.Find("channel") is { } found && WriteText(EventSchema.Channel, found.Value))
            properties.Take(found.Name);
        else if (mapping.Channel is { } channel)
            json.WriteString(EventSchema.Channel.Name, channel);
    }

    /// <summary>
    /// The specification's <c>total</c> and <c>value</c> are what is paid; its <c>subtotal</c> and <c>revenue</c> are
    /// without tax and shipping.
    /// </summary>
    private bool WriteOrderAmount()
    {
        if (WriteMoney(EventSchema.AmountMinor, "total")) return true;
        if (properties.Find("subtotal", "revenue") is not { } net)
        {
            if (WriteMoney(EventSchema.AmountMinor, "value")) return true;
            faults.Add(
                QuarantineReasons.MissingField, "/properties/total",
                "is missing: an order needs total, subtotal, revenue or value");
            return false;
        }

        if (MinorOf(net.Name, net.Value) is not { } minor)
        {
            WriteWrong(EventSchema.AmountMinor, net.Value);
            return true;
        }

        json.WriteNumber(EventSchema.AmountMinor.Name, minor + Extra("tax") + Extra("shipping"));
        properties.Take(net.Name);
        return true;

        // What is wrong with it was said when it was written itself.
        long Extra(string name) =>
            _digits is { } digits && properties.Find(name)?.Value.DecimalOf() is { } amount
                ? MessageMoney.ToMinor(amount, digits) ?? 0
                : 0;
    }

    /// <summary>True when one of them is there, even if it is no amount.</summary>
    private bool WriteMoney(Field field, params ReadOnlySpan<string> names)
    {
        if (properties.Find(names) is not { } found) return false;
        if (MinorOf(found.Name, found.Value) is not { } minor)
        {
            WriteWrong(field, found.Value);
            return true;
        }

        json.WriteNumber(field.Name, minor);
        properties.Take(found.Name);
        return true;
    }

    private long? MinorOf(string name, JsonElement value) =>
        value.DecimalOf() is not { } amount
            ? Wrong(QuarantineReasons.InvalidField, $"/properties/{name}", AmountWanted)
            : amount < 0
                ? Wrong(QuarantineReasons.AmountOutOfRange, $"/properties/{name}", AmountWanted)
                : InRange(amount, 1, $"/properties/{name}");

    private long? InRange(decimal price, decimal quantity, string pointer) => _digits is not { } digits
        ? null
        : MessageMoney.ToMinor(price, quantity, digits) ?? Wrong(
            QuarantineReasons.AmountOutOfRange, pointer,
            $"must come to at most {InputLimits.AmountMax} minor units");

    /// <summary>As text, which is no number: what quarantine keeps must not be taken when it is replayed as it is.</summary>
    private void WriteWrong(Field field, JsonElement value) =>
        json.WriteString(field.Name, value.TextOf() ?? value.GetRawText());

    private long? Wrong(string reason, string pointer, string message)
    {
        faults.Add(reason, pointer, message);
        return null;
    }
}
