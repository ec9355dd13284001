using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>The newsletter, and the coupons in it.</summary>
internal sealed partial class Shopper
{
    private (string Code, string Campaign, DateTimeOffset Until)? _coupon;

    private void ReceiveNewsletter(DateTimeOffset at)
    {
        if (!_consents) return;
        var issue = Newsletters.At(_settings, at);
        var mail = new EventData
        {
            Campaign = issue.Campaign, Channel = "email", Offer = issue.Coupon is null ? null : "10-percent",
            Coupon = issue.Coupon, CostMinor = 2,
        };
        Tell(at, EventTypes.CampaignSent, mail);
        if (_chance.Happens(HasLeft(at) ? 0.07 : 0.42))
            Open(at + TimeSpan.FromHours(_chance.Exponential(1.0 / 9)), issue, mail);
        if (_chance.Happens(0.012)) Unsubscribe(at + TimeSpan.FromHours(_chance.Between(1, 30)));
        Plan(Newsletters.After(_settings, at), ReceiveNewsletter);
    }

    private void Open(DateTimeOffset at, Newsletter issue, EventData mail)
    {
        Tell(at, EventTypes.CampaignOpened, mail);
        if (_chance.Happens(0.25))
            Plan(at + TimeSpan.FromMinutes(_chance.Between(1, 20)), time => Click(time, issue, mail));
    }

    private void Click(DateTimeOffset at, Newsletter issue, EventData mail)
    {
        Tell(at, EventTypes.CampaignClicked, mail);
        if (issue.Coupon is { } code) _coupon = (code, issue.Campaign, at + TimeSpan.FromDays(21));
        Enter(at + TimeSpan.FromSeconds(4));
    }

    private void Unsubscribe(DateTimeOffset at)
    {
        _consents = false;
        Tell(at, EventTypes.ConsentChanged, new() { Purpose = "newsletter", Granted = false, Channel = "email" });
    }
}
