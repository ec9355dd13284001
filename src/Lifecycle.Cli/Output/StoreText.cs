using Lifecycle.Domain.Time;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Cli.Output;

/// <summary>What commands on a store say.</summary>
internal static class StoreText
{
    private const int ViolationsShownMax = 20;

    public static string Of(Instant? instant) => instant?.ToString() ?? "nothing yet";

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
