using System.Globalization;
using CsvHelper;
using Lifecycle.Cli.Output;

namespace Lifecycle.Cli.Import;

/// <summary>The lines that were sent to nobody: on a terminal the first few, in a file all.</summary>
internal static class ProblemsFile
{
    /// <summary>Lines shown when no file was asked for.</summary>
    private const int ShownMax = 5;

    /// <summary>A CSV file of <c>line, invoice, reason, detail</c>; written even when there is no problem.</summary>
    public static void Write(string path, IReadOnlyList<LineProblem> problems)
    {
        try
        {
            using var csv = CsvWriter.ToFile(path);
            CsvOut.WriteRecord(csv, ["line", "invoice", "reason", "detail"]);
            foreach (var problem in problems)
            {
                CsvOut.WriteRecord(
                    csv,
                    [
                        problem.FileLine.ToString(CultureInfo.InvariantCulture), problem.Invoice, problem.Reason,
                        problem.Detail,
                    ]);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The problems file cannot be written: {failure.Message}", failure);
        }
    }

    public static void Show(TextWriter writer, IReadOnlyList<LineProblem> problems)
    {
        foreach (var problem in problems.Take(ShownMax))
            writer.WriteLine($"line {problem.FileLine}: {problem.Reason}: {problem.Detail}");
        if (problems.Count > ShownMax)
            writer.WriteLine($"… and {problems.Count - ShownMax} more; --problems FILE writes them all.");
    }
}
