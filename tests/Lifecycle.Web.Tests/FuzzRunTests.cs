using System.Text;
using Lifecycle.Fuzz;

namespace Lifecycle.Web.Tests;

/// <summary>
/// A short run of tests/Lifecycle.Fuzz; the long one is a program of its own. The requests are the same each time.
/// Nothing runs beside it: it looks at the memory of the whole process.
/// </summary>
[Collection(nameof(FuzzRunTests))]
[CollectionDefinition(nameof(FuzzRunTests), DisableParallelization = true)]
public sealed class FuzzRunTests
{
    [Fact]
    public async Task Twenty_thousand_mutated_requests_lead_to_no_fault_no_hang_and_no_growth()
    {
        var log = new StringBuilder();
        var result = await new FuzzRun(
            new() { Requests = 20_000, RequestsPerSite = 10_000 }, line => log.AppendLine(line)).RunAsync();

        Assert.True(result.Failures.Count == 0, $"{string.Join("\n", result.Failures)}\n{log}");
        Assert.Equal(20_000, result.Requests);
        // Requests that are all refused at the door would find nothing.
        Assert.True(result.Operations.Sum(o => o.ByStatus.GetValueOrDefault(200)) > 4_000, log.ToString());
    }
}
