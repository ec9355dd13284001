namespace Lifecycle.Fuzz;

internal static class FuzzTable
{
    public static void Write(TextWriter to, FuzzResult result)
    {
        var width = result.Operations.Select(o => o.Name.Length).DefaultIfEmpty(9).Max();
        to.WriteLine();
        to.WriteLine($"{"operation".PadRight(width)} {"requests",10} {"p99 ms",9}  statuses (0: the client left)");
        foreach (var row in result.Operations)
            to.WriteLine($"{row.Name.PadRight(width)} {row.Requests,10} {row.P99Milliseconds,9:F1}  {row.Statuses}");
        to.WriteLine();
        foreach (var failure in result.Failures) to.WriteLine(failure);
        to.WriteLine(
            $"{result.Requests} requests in {result.Seconds:F1} s, {result.Requests / result.Seconds:F0} a second, "
            + $"{result.Failures.Count} failures");
    }
}
