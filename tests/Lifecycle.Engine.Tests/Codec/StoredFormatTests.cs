using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Engine.Tests.Codec;

/// <summary>
/// Bytes as each version of the format wrote them. What is here is never changed and never removed: every version ever
/// written stays readable, and folds to the same state.
/// </summary>
public sealed class StoredFormatTests
{
    private const string OrderV1 =
        "01000103035cbdcb742069a5828090f48a89e8a306d4bf02c8c901c8c9010006018090f0c1a8f1aa06000000000000020000" +
        "00000000000100010282028090aea7bdaea40680f0a88bb399b306066561726e65640462617365015cbdcb742069a5820200" +
        "034e65770014637573746f6d65722e6f7264657273203e3d203100820200034e65778090aea7bdaea4060000000000000000" +
        "0000000000000000010473686f700a706c616365642d6f2d310c6f726465722e706c616365640201036f2d3103c8c9010101" +
        "014106c8c90103746561";

    private const string TickV1 =
        "01000101012182028090aea7bdaea40680f0a88bb399b306076d617475726564000082020000034e657780e09a88f7eda906" +
        "0000000000000000000000000000000000";

    private const string RefusedV1 =
        "010001010a13696e73756666696369656e745f706f696e74732d3130303020706f696e7473206172652077616e7465642061" +
        "6e64203132392061726520617661696c61626c652e82020000034e657780e09a88f7eda90600000000000000000000000000" +
        "00000002036170691b72656465656d2d323032362d30312d32355430393a30303a30305ad00f0107766f7563686572";

    private const string ReturnV1 =
        "01000103058090cbb5d7d1a406045cbdcb742069a582028090f48a89e8a306d4bf0298439843000201000100029843011656" +
        "8090aea7bdaea40680f0a88bb399b3060872657475726e656400015cbdcb742069a582ac010000034e657780e09a88f7eda9" +
        "0600000000000000000000000000000000010473686f702172657475726e65642d6f2d312d323032362d30312d3236543039" +
        "3a30303a30305a0e6f726465722e72657475726e65640101036f2d3101000141029843";

    /// <summary>Of the state that the entries above fold to, in the one format of states that is read.</summary>
    private const string StateHash = "39e59167352ab766668be7940f7cd661";

    private static readonly JournalRow[] Rows =
    [
        Row(1, Start, OrderV1), Row(2, Day(14), TickV1), Row(3, Day(20), RefusedV1), Row(4, Day(21), ReturnV1),
    ];

    [Fact]
    public void Entries_of_version_1_say_what_they_said()
    {
        var entries = Rows.Select(EntryCodec.Decode).ToArray();
        Assert.Equal(
            ["order.placed", "tick", "points.redeem", "order.returned"], entries.Select(entry => entry.Input.TypeName));
        var lot = new LotDates(Day(14), Utc("2027-01-31T23:00:00Z"));
        var key = OrderKey.Of("o-1");
        Assert.Equal(
            [
                new Effect.OrderCounted(
                    key, Start, 20_458, 12_900, 12_900, 0, 3, true, Day(180), new UInt128(512, 256)),
                new Effect.PointsMoved(Account.Issued, Account.Pending, 129, lot, "earned", "base", key),
                new Effect.StageChanged("", "New", 0, "customer.orders >= 1"),
            ],
            entries[0].Effects);
        Assert.Equal(new After(0, 129, 0, "New", Day(14)), entries[0].After);
        var line = Assert.Single(((Input.Event)entries[0].Input).Data.Items);
        Assert.Equal(new OrderItem { Sku = "A", Quantity = 3, AmountMinor = 12_900, Category = "tea" }, line);
        Assert.Equal(
            new Effect.PointsMoved(Account.Pending, Account.Available, 129, lot, "matured", "", null),
            Assert.Single(entries[1].Effects));
        Assert.Equal(
            new Effect.Refused("insufficient_points", "1000 points are wanted and 129 are available."),
            Assert.Single(entries[2].Effects));
        var matched = Assert.Single(entries[3].Effects.OfType<Effect.ReturnMatched>());
        Assert.Equal((key, 1, 4_300, 4_300, 1, false),
            (matched.Order, matched.OrderSeq, matched.GrossMinor, matched.NetMinor, matched.Units, matched.Whole));
        Assert.Equal(new ReturnedLine(0, 1, 4_300), Assert.Single(matched.Lines));
        Assert.Equal(86, entries[3].After.Available);
    }

    [Fact]
    public void The_present_version_is_still_written_like_that() =>
        Assert.All(Rows, row => Assert.Equal(
            Convert.ToHexStringLower(row.Body.Span),
            Convert.ToHexStringLower(EntryCodec.Encode(EntryCodec.Decode(row), null, default))));

    [Fact]
    public void They_fold_to_the_same_state_on_every_machine()
    {
        var state = Rows.Select(EntryCodec.Decode).Aggregate(CustomerState.Empty, Evolver.Evolve);
        Assert.Equal(86, state.Balances.Of(Account.Available));
        Assert.Equal(StateHash, StateCodec.HashOf(state).ToString());
    }

    [Fact]
    public void Another_version_is_refused_by_name()
    {
        byte[] next = [EntryCodec.Version + 1, .. Rows[0].Body.Span[1..]];
        var refused = Assert.Throws<CodecException>(() => EntryCodec.Decode(Rows[0] with { Body = next }));
        Assert.Contains("format 2", refused.Message, StringComparison.Ordinal);
        Assert.Throws<CodecException>(() => StateCodec.Decode([StateCodec.Version + 1]));
    }

    private static JournalRow Row(long seq, Instant at, string body) => new(
        new(Hash16.Zero), seq, null, at, at, at, Hash16.Zero, Hash16.Zero, Convert.FromHexString(body));
}
