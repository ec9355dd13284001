using System.Text.Json;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Cli.Output;

/// <summary>What commands on a store say.</summary>
internal static class StoreText
{
    private const int ViolationsShownMax = 20;

    public static void WriteEnd(TextWriter writer, JournalEnd end)
    {
        writer.WriteLine($"  entries         {end.Position} of {end.Customers} customers");
        writer.WriteLine($"  last recorded   {end.LastRecordedAt?.ToString() ?? "nothing yet"}");
    }

    public static void WriteEnd(Utf8JsonWriter json, JournalEnd end)
    {
        json.WriteNumber("position", end.Position);
        json.WriteNumber("customers", end.Customers);
        json.WriteString("last_recorded_at", end.LastRecordedAt?.ToString());
    }

    public static void WriteEpoch(TextWriter writer, Hash16 epoch) =>
        writer.WriteLine($"  epoch           {epoch}, a new one: older cursors and entity tags are refused");

    public static void WriteViolations(TextWriter writer, VerificationReport report)
    {
        foreach (var violation in report.Violations.Take(ViolationsShownMax))
        {
            writer.WriteLine(
                $"violation: {violation.Code}, customer {violation.Customer?.ToString() ?? "none"}, seq " +
                $"{violation.Seq}: {violation.Detail}");
        }

        writer.WriteLine($"{report.ViolationsFound} violations in {report.Entries} entries.");
    }
}
