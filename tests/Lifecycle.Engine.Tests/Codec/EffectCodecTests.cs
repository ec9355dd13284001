using System.Reflection;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;

namespace Lifecycle.Engine.Tests.Codec;

public sealed class EffectCodecTests
{
    /// <summary>
    /// One of each case, with numbers that differ, so that two fields that change places are noticed.
    /// </summary>
    private static readonly Effect[] Examples =
    [
        new Effect.PointsMoved(
            Account.Issued, Account.Pending, 129, new(new(11), Instant.Never), "earned", "base", new OrderKey(0xfedcba9876543210)),
        new Effect.PointsMoved(Account.Expired, Account.Reversed, 1, LotDates.Debt, "returned", "", null),
        new Effect.StageChanged("New", "唤回", StageRole.Reactivated, "an order after Churned"),
        new Effect.OrderCounted(new(1), new(-2), -3, 4, 5, 6, 7, true, new(8), new UInt128(9, 10)),
        new Effect.ReturnMatched(new(1), 2, new(3), 4, 5, 6, 7, 8, true, false, [new(9, 10, 11), new(-1, 12, 13)]),
        new Effect.ReturnMatched(new(ulong.MaxValue), 2, new(3), 4, 5, 6, 7, 8, false, true, []),
        new Effect.ReturnCounted(new(1_767_603_600_000_000)),
        new Effect.ReturnAwaited(new(5)),
        new Effect.ReturnReleased(new(6), 7),
        new Effect.ReturnUnmatched(8, 9),
        new Effect.ActivityCounted(ActivityKind.Search, new(10)),
        new Effect.Refused("insufficient_points", "5 points are wanted and 1 are available."),
        new Effect.Left(new(1, 2), new(3), SomePart(100)),
        new Effect.Joined(new(1, 2), 3, new(4, 5), new(6), SomePart(200)),
        new Effect.Split(new(1, 2), new(3), SomePart(300), SomePart(400)),
        new Effect.Rejoined(new(1, 2), 3, new(4), SomePart(500)),
        new Effect.Settled(7),
    ];

    /// <summary>With numbers from one on, so that two fields that change places are noticed.</summary>
    internal static Part SomePart(long number)
    {
        var balances = new Balances();
        for (var i = 0; i < Accounts.Count; i++) balances[i] = number++;
        return new Part
        {
            Balances = balances, Debt = number++, Lots = [new(new(number++), new(number++), number++, number++)],
            Pending = [new(new(new(number++), new(number++)), new(number++), number++)],
            OpenOrders =
            [
                new()
                {
                    Key = new((ulong)number++), Seq = number++, OccurredAt = new(number++), Day = (int)number++,
                    GrossMinor = number++, NetMinor = number++, Units = number++, Counts = true,
                    OpenUntil = new(number++), Skus = new((ulong)number++, (ulong)number++), Earned = number++,
                    Lot = new(new(number++), new(number++)), ReturnedGrossMinor = number++,
                    ReturnedNetMinor = number++, ReturnedUnits = number++, Whole = true, ReturnSeqs = [number++],
                    Journal = new((ulong)number++, (ulong)number++),
                    ReturnsElsewhere = [new(new((ulong)number++, (ulong)number++), number++)],
                },
            ],
            AwaitedReturns = [new(new(1), number++), new(new(2), number++, new((ulong)number++, (ulong)number++))],
            Moments = new()
            {
                Recent = [new(new(number++), (int)number++)], OldDays = number++, OldFirst = new(number++),
                OldLast = new(new(number++), (int)number++), OldGapSquares = number++,
            },
            Buckets = [new(number++, Totals(number)), new(number + 9, Totals(number + 10))],
            Lifetime = Totals(number + 20), Referrals = number + 30, UnmatchedReturns = number + 31,
            UnmatchedReturnMinor = number + 32,
            Members = [new(new((ulong)number, 1), new((ulong)number, 2), number + 33, new(number + 34))],
            Formers = [new(new((ulong)number, 3), number + 35)],
        };

        static WindowTotals Totals(long n) => new(n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7);
    }

    private static Type[] Cases<T>() =>
        [.. typeof(T).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(typeof(T)))];

    [Fact]
    public void Every_effect_has_a_tag_of_its_own_and_an_example_here()
    {
        Assert.Equal(Cases<Effect>().ToHashSet(), EffectCodec.Tags.Keys.ToHashSet());
        Assert.Distinct(EffectCodec.Tags.Values);
        Assert.Equal(Cases<Effect>().ToHashSet(), Examples.Select(effect => effect.GetType()).ToHashSet());
    }

    [Fact]
    public void Every_effect_is_read_back_as_it_was_written_and_can_be_folded()
    {
        foreach (var effect in Examples)
        {
            var writer = new ByteWriter();
            EffectCodec.Write(writer, effect);
            var reader = new ByteReader(writer.Written);
            var read = EffectCodec.Read(ref reader);
            Assert.True(reader.AtEnd);
            Assert.Equal(Text(effect), Text(read));
            var again = new ByteWriter();
            EffectCodec.Write(again, read);
            Assert.Equal(writer.ToArray(), again.ToArray());
            Evolver.Evolve(CustomerState.Empty, EntryWith(effect));
        }
    }

    [Fact]
    public void Every_input_is_read_back_as_it_was_written()
    {
        Input[] inputs =
        [
            Sample.Order("o-1", Sample.Start, 12_900, new OrderItem
                {
                    Sku = "A", Category = "tea", Line = "leaf", Grade = "gold", Quantity = 3, AmountMinor = 12_900,
                    DiscountMinor = 5, CostMinor = 7,
                }, new OrderItem())
                .With(EventSchema.Currency, "EUR"),
            Sample.Redeem(5, Sample.Start), Sample.Redeem(5, Sample.Start) with { Reference = null },
            Sample.Adjust(-5, Sample.Start), Input.Tick.At(Sample.Start),
            new Input.Merge(new(1, 2)) { Source = "api", Id = "m", OccurredAt = Sample.Start },
            Input.Join.Of(new(3, 4), 5, Sample.Start),
            new Input.Unmerge(new(6, 7)) { Source = "api", Id = "u", OccurredAt = Sample.Start },
            Input.Rejoin.Of(new(8, 9), 10, Sample.Start), Input.Settle.Of(11, Sample.Start),
        ];
        Assert.Equal(Cases<Input>().ToHashSet(), inputs.Select(input => input.GetType()).ToHashSet());
        foreach (var input in inputs)
        {
            var row = CodecProperties.RowOf(EntryWith(new Effect.ReturnCounted(default)) with
            {
                Input = input, OccurredAt = input.OccurredAt,
            });
            Assert.Equal(Json(input), Json(EntryCodec.Decode(row).Input));
        }
    }

    internal static Entry EntryWith(params Effect[] effects) => new()
    {
        Seq = 1, EventKey = null, OccurredAt = Sample.Start, RecordedAt = Sample.Start.Plus(1), At = Sample.Start.Plus(2),
        Historical = true, ProgramVersion = 3, BodyHash = new(4, 5), Input = Input.Tick.At(Sample.Start),
        Effects = [.. effects], After = new(-6, 7, 8, "New", Sample.Start.Plus(9)),
    };

    private static readonly System.Text.Json.JsonSerializerOptions Fields = new() { IncludeFields = true };

    private static string Text(Effect effect) =>
        System.Text.Json.JsonSerializer.Serialize<object>(effect, Fields);

    private static string Json(Input input) => System.Text.Json.JsonSerializer.Serialize<object>(input);
}
