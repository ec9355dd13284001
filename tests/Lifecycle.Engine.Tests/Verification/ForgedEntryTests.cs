using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Engine.Tests.Verification;

/// <summary>Entries that the chain accepts and that no decider would make.</summary>
public sealed class ForgedEntryTests
{
    private static readonly LotDates Lasting = new(Instant.Earliest, Instant.Never);

    private static readonly Dictionary<string, Func<Entry, Entry>> Forgeries = new()
    {
        [ViolationCodes.Receipt] = entry => entry with { After = entry.After with { Available = 7 } },
        [ViolationCodes.TimeOrder] = entry => entry with { At = entry.At.Plus(-1), RecordedAt = entry.At.Plus(-1) },
        [ViolationCodes.EventKey] = entry => entry with { EventKey = null },
        [ViolationCodes.Refusal] = entry => entry with
        {
            Effects =
            [
                new Effect.Refused("insufficient_points", "no"),
                new Effect.ActivityCounted(ActivityKind.Visit, entry.At),
            ],
        },
        [ViolationCodes.DoubleEntry] = entry => Moving(entry, Account.Issued, Account.Held, 0, Lasting),
        [ViolationCodes.Lots] = entry => Moving(entry, Account.Available, Account.Redeemed, 5, Lasting),
        [ViolationCodes.LotDates] = entry =>
            Moving(entry, Account.Issued, Account.Available, 5, new(Instant.Earliest, entry.At)),
    };

    public static TheoryData<string> Codes => [.. Forgeries.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task An_entry_that_breaks_an_invariant_is_named(string code)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.ApplyAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        await fixture.ApplyAsync("bob", Some.Visit("v-1", fixture.Clock.Now));
        var store = fixture.Engine.Store;
        var ann = fixture.Engine.Secret.CustomerKeyOf("ann");
        await AppendAsync(store, ann, Forgeries[code]);
        var violation = Assert.Single((await Verifier.VerifyAsync(store, null, Cancel)).Violations);
        Assert.Equal((code, ann, 2L), (violation.Code, violation.Customer, violation.Seq));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_is_named_and_the_other_customers_are_verified()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        foreach (var name in new[] { "ann", "bob", "cid" })
            await fixture.ApplyAsync(name, Some.Visit("v-1", fixture.Clock.Now));
        var store = fixture.Engine.Store;
        var bob = fixture.Engine.Secret.CustomerKeyOf("bob");
        await AppendAsync(store, bob, entry => entry, body: [200, 1, 2]);
        var report = await Verifier.VerifyAsync(store, null, Cancel);
        var violation = Assert.Single(report.Violations);
        Assert.Equal((ViolationCodes.Fold, bob, 2L), (violation.Code, violation.Customer, violation.Seq));
        Assert.Equal((4, 3), (report.Entries, report.Customers));
    }

    private static async Task AppendAsync(
        IStore store, CustomerKey customer, Func<Entry, Entry> forge, byte[]? body = null)
    {
        var head = await new HeadLoader(store).LoadAsync(customer, Cancel);
        var visit = Some.Visit("v-2", head.State.At);
        var entry = forge(new Entry
        {
            Seq = head.Seq + 1, EventKey = new Hash16(1, 2), OccurredAt = visit.OccurredAt,
            RecordedAt = head.RecordedAt, At = head.State.At, Historical = false, ProgramVersion = 1,
            BodyHash = new Hash16(3, 4), Input = visit, Effects = [],
            After = new(0, 0, 0, head.State.Stage, head.State.DueAt),
        });
        var row = new JournalRow(
            customer, entry.Seq, entry.EventKey, entry.OccurredAt, entry.RecordedAt, entry.At, head.Hash, Hash16.Zero,
            body ?? EntryCodec.Encode(entry, null, default));
        row = row with { Hash = Chain.HashOf(row) };
        Assert.Empty((await store.Journal.AppendAsync(new([row], [], []), Cancel)).Conflicts);
    }

    /// <summary>The entry with one movement and the receipt that fits it.</summary>
    private static Entry Moving(Entry entry, Account debit, Account credit, long points, LotDates lot)
    {
        long Change(Account account) => account == credit ? points : account == debit ? -points : 0;
        return entry with
        {
            Effects = ImmutableArray.Create<Effect>(
                new Effect.PointsMoved(debit, credit, points, lot, Causes.Earned, "", null)),
            After = entry.After with
            {
                Available = Change(Account.Available), Pending = Change(Account.Pending), Held = Change(Account.Held),
            },
        };
    }
}
