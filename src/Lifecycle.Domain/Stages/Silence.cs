using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Stages;

/// <summary>
/// How long a customer must be silent, from their last valid order, to count as at risk, dormant, churned.
/// </summary>
/// <remarks>
/// Gaps between order-days are exponential with a rate that is gamma distributed, so the next gap G has the Lomax
/// distribution P(G &gt; t) = S(t) = (α/(α+t))^r (Lomax 1954; the gap of the NBD model of Ehrenberg 1959). With three
/// completed
/// gaps or more r is their number and α their sum, in days: the customer's own rhythm. With fewer, the population's
/// gamma is the prior: r = r₀ + n, α = α₀ + Σ gaps. A quantile q of the gap is α·((1−q)^(−1/r) − 1).
/// After a silence s the customer is still buying with P = (1−d)·S(s) / ((1−d)·S(s) + d), where d is the probability of
/// dropping out after an order (as in Fader, Hardie and Lee 2005, with one d for all), and orders within the horizon h
/// with P · (1 − S(s+h)/S(s)); churned is where that falls below the program's threshold.
/// Each limit is rounded up to the hour, so that the same history gives the same instant on every machine.
/// </remarks>
/// <param name="AtRisk">From here on at risk.</param>
/// <param name="Dormant">Never before <paramref name="AtRisk"/>.</param>
/// <param name="Churned">Never before <paramref name="Dormant"/>.</param>
public readonly record struct Silence(TimeSpan AtRisk, TimeSpan Dormant, TimeSpan Churned)
{
    /// <summary>Completed gaps from which on a customer is judged by their own rhythm alone.</summary>
    public const int OwnGapsMin = 3;

    public static Silence Of(GapStatistics gaps, SilenceRule rule)
    {
        var limits = new SilenceLimits(gaps, rule);
        return new(
            TimeSpan.FromMicroseconds(limits.AtRisk), TimeSpan.FromMicroseconds(limits.Dormant),
            TimeSpan.FromMicroseconds(limits.Churned));
    }

    /// <summary>
    /// How unusual a silence is for the customer: the quantile of their gap at which it stands, 0 to 1.
    /// </summary>
    public static double QuantileOf(GapStatistics gaps, SilenceRule rule, TimeSpan silence) =>
        1 - Rhythm.Of(gaps, rule).Survival(Math.Max(0, silence.TotalDays));

    internal static long ChurnedHours(long dormant, Rhythm rhythm, SilenceRule rule)
    {
        long low = dormant, high = Math.Max(dormant, (long)Math.Ceiling(rule.Cap.TotalHours));
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (OrderProbability(middle / 24.0, rhythm, rule) < rule.ChurnedBelow) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private static double OrderProbability(double silentDays, Rhythm rhythm, SilenceRule rule)
    {
        // The survival of a long silence is too small for a double; neither factor may divide by it.
        var buying = (1 - rule.DropoutPerOrder) * rhythm.Survival(silentDays);
        var alive = rule.DropoutPerOrder == 0 ? 1 : buying / (buying + rule.DropoutPerOrder);
        return alive * (1 - rhythm.Survival(silentDays, rule.Horizon.TotalDays));
    }

    internal static long Clamp(double days, SilenceRule rule) => (long)Math.Ceiling(
        Math.Clamp(days * 24, rule.Floor.TotalHours, rule.Cap.TotalHours));

    /// <summary>The r and α (in days) of the customer's gap.</summary>
    internal readonly record struct Rhythm(double Shape, double Scale)
    {
        public static Rhythm Of(GapStatistics gaps, SilenceRule rule)
        {
            if (gaps.Count >= OwnGapsMin && gaps.SumDays > 0) return new(gaps.Count, gaps.SumDays);
            var prior = rule.PopulationMeanGap.TotalDays * (rule.PopulationShape - 1);
            return new(rule.PopulationShape + gaps.Count, prior + gaps.SumDays);
        }

        public double Survival(double days) => Survival(0, days);

        /// <summary>The probability that a gap that has lasted so long lasts so much longer.</summary>
        public double Survival(double silentDays, double days) =>
            Math.Pow((Scale + silentDays) / (Scale + silentDays + days), Shape);

        public double Quantile(double q) => Scale * (Math.Pow(1 - q, -1 / Shape) - 1);
    }
}

/// <summary>The limits of <see cref="Silence"/> in microseconds, each worked out when it is first asked for.</summary>
internal struct SilenceLimits(GapStatistics gaps, SilenceRule rule)
{
    private readonly Silence.Rhythm _rhythm = Silence.Rhythm.Of(gaps, rule);

    // Hours; no limit is below zero.
    private long _atRisk = -1;
    private long _dormant = -1;
    private long _churned = -1;

    public long AtRisk => AtRiskHours * Instant.MicrosPerHour;

    public long Dormant => DormantHours * Instant.MicrosPerHour;

    public long Churned
    {
        get
        {
            if (_churned < 0) _churned = Silence.ChurnedHours(DormantHours, _rhythm, rule);
            return _churned * Instant.MicrosPerHour;
        }
    }

    private long AtRiskHours
    {
        get
        {
            if (_atRisk < 0) _atRisk = Silence.Clamp(_rhythm.Quantile(rule.AtRisk), rule);
            return _atRisk;
        }
    }

    private long DormantHours
    {
        get
        {
            if (_dormant < 0) _dormant = Math.Max(AtRiskHours, Silence.Clamp(_rhythm.Quantile(rule.Dormant), rule));
            return _dormant;
        }
    }
}
