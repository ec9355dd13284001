using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>The shape of a rule: what is read of each effect, and what that comes to.</summary>
public sealed partial class Explainer
{
    /// <param name="Field">The path in the view.</param>
    /// <param name="Read">What an effect contributes.</param>
    /// <param name="Conclude">What the contributions come to.</param>
    internal sealed record FieldRule(string Field, Func<Reading, IEnumerable<Told>> Read, Func<Told.All, Come> Conclude)
    {
        /// <summary>Only effects that took place in a window of so many days; 0 for all.</summary>
        public int WindowDays { get; init; }

        /// <summary>What a part, that came or went with an id, has of it.</summary>
        public Func<Part, Instant, IEnumerable<Told>> OfPart { get; init; } = (_, _) => [];

        /// <summary>The lots whose points are told.</summary>
        public Func<Standing?, ImmutableArray<ExpiringPoints>> OfLots { get; init; } = _ => [];

        /// <summary>The conclusion needs the moments of the valid orders.</summary>
        public bool OfOrders { get; init; }
    }

    /// <summary>One effect, with its entry and the customer; no customer where only a sum is wanted.</summary>
    internal readonly record struct Reading(Entry Entry, Effect Effect, Standing? Standing);

    /// <summary>What one effect contributes.</summary>
    internal readonly record struct Told(string Cause, long? Amount, string? Text = null, string? Part = null)
    {
        /// <summary>What all effects contributed: sums, the last text, the valid orders.</summary>
        internal sealed record All(
            long Sum, string Text, IReadOnlyDictionary<string, long> Parts, OrderMoments Moments, Standing Standing)
        {
            public long Part(string name) => Parts.GetValueOrDefault(name);
        }
    }

    /// <summary>What the contributions come to.</summary>
    internal sealed record Come(decimal? Value, string? Text = null, string? Formula = null)
    {
        public ImmutableArray<ExplanationPart> Parts { get; init; } = [];

        /// <summary>What will happen: it is told before what did.</summary>
        public ImmutableArray<Contribution> Ahead { get; init; } = [];
    }

    private static FieldRule SumOf(string field, Func<Effect, IEnumerable<Told>> read, int windowDays = 0) =>
        new(field, reading => read(reading.Effect), all => new(all.Sum)) { WindowDays = windowDays };

    private static FieldRule Ahead(string field, Func<Standing, Come> conclude) =>
        new(field, _ => [], all => conclude(all.Standing));

    private static ExplanationPart Number(string name, decimal? value) => new(name, value, null);

    private static ExplanationPart Measured(string name, double value) => new(name, ToDecimal(value), null);

    private static ExplanationPart Time(string name, Instant? instant) => new(name, null, TextOf(instant));

    private static ExplanationPart Words(string name, string text) => new(name, null, text);

    /// <summary>Estimates are told to six decimals; what a decimal cannot hold is not told.</summary>
    private static decimal? ToDecimal(double value) =>
        Math.Abs(value) < 1e15 ? (decimal)Math.Round(value, 6) : null;

    /// <summary>As the view writes times; null for what does not happen.</summary>
    private static string? TextOf(Instant? instant) =>
        instant is { } time && time < Instant.Latest && time > Instant.Earliest
            ? time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture)
            : null;

    /// <summary>The rule of one place in a list, such as <c>points.expiring[0].points</c>.</summary>
    private static FieldRule? PlaceRule(string field)
    {
        if (Place().Match(field) is not { Success: true } match) return null;
        var index = int.Parse(match.Groups["place"].ValueSpan, CultureInfo.InvariantCulture);
        var name = $"{match.Groups["list"].Value}[n].{match.Groups["member"].Value}";
        return LotFields.Contains(name) ? LotRule(field, index, match.Groups["member"].Value)
            : WarningFields.Contains(name) ? WarningRule(field, index, match.Groups["member"].Value)
            : null;
    }

    [GeneratedRegex(@"^(?<list>[a-z.]+)\[(?<place>0|[1-9][0-9]{0,3})\]\.(?<member>[a-z_]+)$")]
    private static partial Regex Place();
}
