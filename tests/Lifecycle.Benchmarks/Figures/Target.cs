using System.Globalization;

namespace Lifecycle.Benchmarks.Figures;

/// <summary>What a figure, or its ratio to a baseline, is to reach.</summary>
/// <param name="Text">As the table shows it.</param>
/// <param name="Least">The least that is enough; null for none.</param>
/// <param name="Most">The most that is allowed; null for none.</param>
internal sealed record Target(string Text, double? Least, double? Most)
{
    /// <summary>How long an entry may wait for the table of customers.</summary>
    public TimeSpan? LagMax { get; init; }

    public static Target Times(double least) => new(Format($"≥ {least:0.##} ×"), least, null);

    public static Target Share(double least) => new(Format($"≥ {least:P0}"), least, null);

    public static Target AtLeast(double least) => new(Format($"≥ {least:N0}"), least, null);

    public static Target AtMost(double most) => new(Format($"≤ {most:N0}"), null, most);

    public bool IsMetBy(double figure, TimeSpan? lag) =>
        !(figure < Least) && !(figure > Most) && !(LagMax is { } max && (lag is null || lag > max));

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
