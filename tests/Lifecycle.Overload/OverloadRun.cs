using Lifecycle.Overload.Judging;
using Lifecycle.Overload.Scenarios;

namespace Lifecycle.Overload;

/// <summary>The scenarios one after the other, and what they found.</summary>
internal static class OverloadRun
{
    public static readonly IReadOnlyList<string> Names =
        [OverloadScenario.Name, HotCustomerScenario.Name, DrainScenario.Name];

    /// <param name="only">Scenarios whose names begin with this.</param>
    /// <returns>What did not hold.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        OverloadOptions options, string only, TimeSpan? drain, TextWriter output)
    {
        var failures = new List<string>();
        foreach (var name in Names.Where(name => name.StartsWith(only, StringComparison.Ordinal)))
        {
            await output.WriteLineAsync(name);
            var verdict = new Verdict(name, output);
            await (name switch
            {
                OverloadScenario.Name => OverloadScenario.RunAsync(options, verdict),
                HotCustomerScenario.Name => HotCustomerScenario.RunAsync(options, verdict),
                _ => DrainScenario.RunAsync(options, drain, verdict),
            });
            failures.AddRange(verdict.Failures);
        }

        return failures;
    }
}
