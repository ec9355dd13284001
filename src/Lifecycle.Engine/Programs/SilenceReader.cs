using Lifecycle.Domain.Programs;

namespace Lifecycle.Engine.Programs;

/// <summary>Reads <c>silence</c>: how long a silence means what. Every key has a default.</summary>
internal static class SilenceReader
{
    /// <summary>
    /// Quantiles as measured on a public history of a shop: .95 gives one false alarm in two customer-years, .99 one in
    /// seven. The population is what a customer is judged by until three of their own gaps are known.
    /// </summary>
    public static readonly SilenceRule Default = new(
        AtRisk: 0.95, Dormant: 0.99, ChurnedBelow: 0.05, Floor: TimeSpan.FromDays(14), Cap: TimeSpan.FromDays(540),
        Horizon: TimeSpan.FromDays(90), PopulationShape: 4, PopulationMeanGap: TimeSpan.FromDays(46),
        DropoutPerOrder: 0.05);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    public static SilenceRule Read(Section? section)
    {
        if (section is null) return Default;
        var population = section.Child("population", ProgramKeys.Population);
        var rule = new SilenceRule(
            AtRisk: Probability(section, "at_risk", Default.AtRisk),
            Dormant: Probability(section, "dormant", Default.Dormant),
            ChurnedBelow: Probability(section, "churned_below", Default.ChurnedBelow),
            Floor: section.Duration("floor", Default.Floor, Hour, TenYears),
            Cap: section.Duration("cap", Default.Cap, Hour, TenYears),
            Horizon: section.Duration("horizon", Default.Horizon, Day, TenYears),
            PopulationShape: (double)(population?.Number(
                "shape", (decimal)Default.PopulationShape, "a number above 1, at most 1000", n => n is > 1 and <= 1000)
                ?? (decimal)Default.PopulationShape),
            PopulationMeanGap: population?.Duration("mean_gap", Default.PopulationMeanGap, Hour, TenYears)
                ?? Default.PopulationMeanGap,
            DropoutPerOrder: (double)section.Number(
                "dropout", (decimal)Default.DropoutPerOrder, "a number from 0, below 1", n => n is >= 0 and < 1));
        if (rule.Dormant <= rule.AtRisk)
        {
            section.Add(
                "dormant", $"expected more than at_risk, which is {Text(rule.AtRisk)}, found {Text(rule.Dormant)}.");
        }

        if (rule.Cap <= rule.Floor)
        {
            var (floor, cap) = (Durations.Text(rule.Floor), Durations.Text(rule.Cap));
            section.Add("cap", $"expected more than floor, which is {floor}, found {cap}.");
        }

        return rule;
    }

    private static double Probability(Section section, string key, double otherwise) =>
        (double)section.Number(key, (decimal)otherwise, "a number between 0 and 1", n => n is > 0 and < 1);

    private static string Text(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
