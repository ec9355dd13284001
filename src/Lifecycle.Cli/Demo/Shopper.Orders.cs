using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>An order and what comes of it: returns, questions, answers, reviews, friends.</summary>
internal sealed partial class Shopper
{
    private static readonly string[] ReturnReasons =
        ["too_small", "damaged", "not_as_described", "changed_mind", "late"];
    private static readonly string[] TicketCategories = ["delivery", "product", "payment", "account"];

    private void Order(DateTimeOffset at, List<OrderLine> lines)
    {
        var order = Numbered('o', ++_orders);
        var coupon = _coupon is { } taken && at < taken.Until ? taken.Code : null;
        var discount = lines.Sum(line => line.DiscountMinor ?? 0);
        Tell(at, EventTypes.OrderPlaced, new()
        {
            OrderId = order, AmountMinor = AmountOf(lines), DiscountMinor = discount == 0 ? null : discount,
            Kind = "normal", Channel = Traits.Channel, Country = Traits.Country, Coupon = coupon,
            Campaign = coupon is null ? null : _coupon!.Value.Campaign, Items = lines,
        });
        if (coupon is not null)
        {
            Tell(at, EventTypes.CouponRedeemed, new()
            {
                Coupon = coupon, Campaign = _coupon!.Value.Campaign, OrderId = order, Channel = Traits.Channel,
            });
            _coupon = null;
        }
        var delivered = at + TimeSpan.FromDays(_chance.Between(1.5, 4));
        var pleased = Traits.Mood + (0.8 * _chance.Normal());
        if (_chance.Happens(Traits.ReturnChance)) SendBack(delivered, order, lines);
        if (_chance.Happens(pleased < -1 ? 0.2 : 0.025)) Complain(delivered);
        if (_chance.Happens(0.1)) Answer(delivered, pleased);
        if (_chance.Happens(0.06)) Review(delivered, order, lines, pleased);
        if (_chance.Happens(pleased > 0.9 ? 0.1 : 0.008)) Recommend(delivered);
    }

    private void SendBack(DateTimeOffset delivered, string order, List<OrderLine> lines)
    {
        var returned = _chance.Happens(0.35) ? lines : [lines[_chance.Whole(0, lines.Count - 1)]];
        Tell(delivered + TimeSpan.FromDays(_chance.Between(1, 16)), EventTypes.OrderReturned, new()
        {
            OrderId = order, AmountMinor = AmountOf(returned), Reason = _chance.Pick(ReturnReasons),
            Channel = Traits.Channel,
            Items = [.. returned.Select(line => new OrderLine(line.Sku)
            {
                Category = line.Category, Line = line.Line, Grade = line.Grade, Quantity = line.Quantity,
                AmountMinor = line.AmountMinor,
            })],
        });
    }

    /// <summary>One in twelve is never answered.</summary>
    private void Complain(DateTimeOffset delivered)
    {
        var ticket = new EventData
        {
            TicketId = Numbered('t', ++_tickets), Kind = "complaint", Category = _chance.Pick(TicketCategories),
            Priority = _chance.Happens(0.2) ? "high" : "normal", Channel = "email",
        };
        var opened = delivered + TimeSpan.FromHours(_chance.Between(1, 60));
        Tell(opened, EventTypes.TicketOpened, ticket);
        if (_chance.Happens(1.0 / 12)) return;
        var responded = opened + TimeSpan.FromHours(_chance.Exponential(1.0 / 14));
        Tell(responded, EventTypes.TicketResponded, ticket);
        Tell(responded + TimeSpan.FromHours(1 + _chance.Exponential(1.0 / 30)), EventTypes.TicketResolved, ticket);
    }

    private void Answer(DateTimeOffset delivered, double pleased)
    {
        var at = delivered + TimeSpan.FromDays(_chance.Between(2, 9));
        var nps = _chance.Happens(0.5);
        Tell(at, EventTypes.SurveyAnswered, new()
        {
            Kind = nps ? "nps" : "csat", Channel = "email",
            Score = nps
                ? (decimal)Math.Clamp(Math.Round(8 + (1.7 * pleased)), 0, 10)
                : (decimal)Math.Clamp(Math.Round(4.1 + (0.7 * pleased)), 1, 5),
        });
    }

    private void Review(DateTimeOffset delivered, string order, List<OrderLine> lines, double pleased)
    {
        Tell(delivered + TimeSpan.FromDays(_chance.Between(4, 20)), EventTypes.ReviewPosted, new()
        {
            Rating = (decimal)Math.Clamp(Math.Round(4.2 + (0.9 * pleased)), 1, 5),
            Sentiment = (decimal)Math.Round(Math.Tanh(0.4 + pleased), 2), Sku = lines[0].Sku,
            Category = lines[0].Category, OrderId = order,
        });
    }

    private void Recommend(DateTimeOffset delivered) => Tell(
        delivered + TimeSpan.FromDays(_chance.Between(1, 25)), EventTypes.ReferralCompleted,
        new() { Campaign = "bring-a-friend", Channel = Traits.Channel });
}
