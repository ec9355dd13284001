using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Customers;

/// <summary>Every input gets an answer, whatever it is and whatever is recalled.</summary>
public sealed class TotalityProperties
{
    private static readonly Instant[] Instants =
        [Instant.Earliest, Instant.Latest, new(0), new(-1), Sample.Start, Sample.Day(40), Sample.Day(400)];

    private static readonly long[] Amounts =
        [0, 1, 99, 100, 12_345, InputLimits.QuantityMax, InputLimits.AmountMax - 1, InputLimits.AmountMax];

    private static readonly string[] Types =
    [
        EventTypes.OrderPlaced, EventTypes.OrderPlaced, EventTypes.OrderReturned, EventTypes.OrderReturned, EventTypes.Visit,
        EventTypes.ReviewPosted, EventTypes.SurveyAnswered, "", "x",
    ];

    private static readonly string[] Texts = ["", "a", "o0-0", "normal", "staff", "test", "EUR", "USD", "茶", "\0", "\ud83d"];

    [Fact]
    public void No_input_makes_a_decision_throw() =>
        Prop.ForAll(Step.Histories(12), Inputs.ToArbitrary(), (steps, inputs) =>
        {
            var journey = Step.Play(new(Retail.Restless), steps);
            foreach (var (input, at) in inputs)
            {
                journey.Apply(input, at);
                // A stranger's recall, or none, must not break it either.
                Decider.Decide(journey.State, input, [], Retail.Restless, journey.State.At);
                Decider.Decide(journey.State, input, journey.Entries, Retail.Default, journey.State.At);
            }

            journey.View(journey.State.At);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_state_without_entries_has_a_view() =>
        Assert.Equal("", Views.At(CustomerState.Empty, new Journey(Retail.Default).Programs, Sample.Start).Stage.Name);

    private static readonly Gen<FieldValue> AnyField = Gen.Elements(EventSchema.Fields.Values.ToArray()).SelectMany(field =>
        from text in Gen.Elements(Texts)
        from integer in Gen.Elements(Amounts)
        select field.Kind switch
        {
            FieldKind.Text or FieldKind.Json => new FieldValue(field, Text: text),
            FieldKind.Number => new FieldValue(field, Number: integer),
            _ => new FieldValue(field, Integer: integer),
        });

    private static readonly Gen<OrderItem> AnyItem =
        from sku in Gen.Elements(Texts)
        from quantity in Gen.Elements(Amounts.Where(amount => amount <= InputLimits.QuantityMax))
        from amount in Gen.Elements(Amounts)
        select new OrderItem { Sku = sku, Category = sku, Quantity = quantity, AmountMinor = amount };

    private static readonly Gen<Input.Event> AnyEvent =
        from type in Gen.Elements(Types)
        from fields in Gen.Choose(0, 6).SelectMany(count => Gen.ArrayOf(AnyField, count))
        from order in Gen.Elements(Texts)
        from amount in Gen.Elements(Amounts)
        from items in Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(AnyItem, count))
        let given = fields.Append(new(EventSchema.AmountMinor, Integer: amount))
            .Concat(order.Length == 0 ? [] : [new FieldValue(EventSchema.OrderId, Text: order)])
        select new Input.Event(type, new EventData(
            [.. given.OrderBy(f => f.Field.Id).DistinctBy(f => f.Field.Id)], [.. items], default))
        {
            Source = "", Id = order, OccurredAt = default,
        };

    private static readonly Gen<Input> AnyInput = Gen.OneOf(
        AnyEvent.Select(taken => (Input)taken), AnyEvent.Select(taken => (Input)taken),
        Gen.Elements(Amounts.Concat([-1, long.MinValue, long.MaxValue])).Select(points => (Input)Sample.Redeem(points, default)),
        Gen.Elements(Amounts.Concat([-1, -500, long.MinValue, long.MaxValue]))
            .Select(points => (Input)Sample.Adjust(points, default)));

    private static readonly Gen<(Input, Instant)[]> Inputs = Gen.Choose(1, 12).SelectMany(count => Gen.ArrayOf(
        from input in AnyInput
        from occurredAt in Gen.Elements(Instants)
        from at in Gen.Elements(Instants.Where(instant => instant < Instant.Latest))
        select (input with { OccurredAt = occurredAt }, at), count));
}
