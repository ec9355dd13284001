using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;

namespace Lifecycle.Domain.Customers;

/// <summary>Balances, what was moved in a lifetime, and the lots that expire.</summary>
public sealed partial class Explainer
{
    private static ImmutableArray<string> LotFields =>
        ["points.expiring[n].points", "points.expiring[n].expires_at"];

    private static ImmutableArray<FieldRule> PointsRules =>
    [
        OfAccount("points.available", Account.Available, 1),
        OfAccount("points.pending", Account.Pending, 1),
        OfAccount("points.held", Account.Held, 1),
        new(
            "points.expiring", reading => ReadLots(reading, reading.Standing?.Expiring ?? []),
            all => new(all.Parts.Values.Sum(), Formula: "what is left of the lots that expire next, at most " +
                $"{PointsView.ExpiringMax} of them: each part is a lot, by when it expires")
            {
                Parts = [.. all.Standing.Expiring.Select(lot => OfLot(all, lot))],
            })
        {
            OfLots = standing => standing?.Expiring ?? [],
        },
        OfAccount("points.lifetime.earned", Account.Issued, -1),
        OfAccount("points.lifetime.redeemed", Account.Redeemed, 1),
        OfAccount("points.lifetime.expired", Account.Expired, 1),
        OfAccount("points.lifetime.reversed", Account.Reversed, 1),
        OfAccount("points.lifetime.adjusted", Account.Adjusted, -1),
    ];

    private static FieldRule OfAccount(string field, Account account, long sign) =>
        SumOf(field, effect => ReadAccount(effect, account, sign)) with
        {
            OfPart = PartOf(part => sign * part.Balances.Of(account)),
        };

    private static FieldRule LotRule(string field, int index, string member)
    {
        return new(field, reading => ReadLots(reading, LotAt(reading.Standing)), all =>
        {
            if (LotAt(all.Standing) is not [var lot])
                return new(null, Formula: $"there are {all.Standing.Expiring.Length} lots that expire");
            var part = OfLot(all, lot);
            return member == "points"
                ? new(part.Value, Formula: "what is left of the lot") { Parts = [part] }
                : new(null, TextOf(lot.ExpiresAt), "when what is left of the lot expires") { Parts = [part] };
        })
        {
            OfLots = LotAt,
        };

        ImmutableArray<ExpiringPoints> LotAt(Standing? standing) =>
            standing is not null && index < standing.Expiring.Length ? [standing.Expiring[index]] : [];
    }

    private static ExplanationPart OfLot(Told.All all, ExpiringPoints lot)
    {
        var expiry = TextOf(lot.ExpiresAt) ?? "";
        return Number(expiry, all.Part(expiry));
    }

    private static IEnumerable<Told> ReadAccount(Effect effect, Account account, long sign)
    {
        if (effect is not Effect.PointsMoved moved || moved.Debit == moved.Credit) yield break;
        if (moved.Credit == account) yield return new(CauseOf(moved), sign * moved.Points);
        if (moved.Debit == account) yield return new(CauseOf(moved), -sign * moved.Points);
    }

    /// <summary>
    /// What went into the lots and out of them. Debt has no lot; what settles it leaves one but not the account.
    /// </summary>
    private static IEnumerable<Told> ReadLots(Reading reading, ImmutableArray<ExpiringPoints> lots)
    {
        if (reading.Effect is not Effect.PointsMoved moved || moved.Lot == LotDates.Debt) yield break;
        var expiry = moved.Lot.ExpiresAt;
        if (!lots.Any(lot => lot.ExpiresAt == expiry)) yield break;
        var points = moved.Debit == Account.Available ? -moved.Points
            : moved.Credit == Account.Available ? moved.Points
            : 0;
        if (points != 0) yield return new(CauseOf(moved), points, Part: TextOf(expiry));
    }

    private static string CauseOf(Effect.PointsMoved moved) =>
        moved.Rule.Length == 0 ? moved.Cause : $"{moved.Cause}: {moved.Rule}";
}
