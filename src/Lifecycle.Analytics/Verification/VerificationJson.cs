using System.Text.Json;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Analytics.Verification;

/// <summary>What a verification found, the same over the API and offline.</summary>
public static class VerificationJson
{
    /// <summary>The readable ids of the customers that a report names, those that have one.</summary>
    /// <exception cref="StoreException">The registry cannot be read.</exception>
    public static Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IRegistry registry, VerificationReport report, CancellationToken cancel) =>
        registry.ReadIdsAsync(
            [.. report.Violations.Select(violation => violation.Customer).OfType<CustomerKey>().Distinct()], cancel);

    /// <summary>
    /// <c>{position, entries, customers, violations_found, violations[{code, customer, customer_key, seq,
    /// detail}]}</c>.
    /// </summary>
    public static void Write(
        Utf8JsonWriter json, VerificationReport report, IReadOnlyDictionary<CustomerKey, string> ids)
    {
        json.WriteStartObject();
        json.WriteNumber("position", report.Position);
        json.WriteNumber("entries", report.Entries);
        json.WriteNumber("customers", report.Customers);
        json.WriteNumber("violations_found", report.ViolationsFound);
        json.WriteStartArray("violations");
        foreach (var violation in report.Violations)
        {
            json.WriteStartObject();
            json.WriteString("code", violation.Code);
            json.WriteString(
                "customer", violation.Customer is { } key && ids.TryGetValue(key, out var id) ? id : null);
            json.WriteString("customer_key", violation.Customer?.ToString());
            json.WriteNumber("seq", violation.Seq);
            json.WriteString("detail", violation.Detail);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
