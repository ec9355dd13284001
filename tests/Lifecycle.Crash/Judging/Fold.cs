namespace Lifecycle.Crash.Judging;

/// <summary>
/// What a customer's inputs come to, in the plainest words: an order's points are pending for two weeks, longer than a
/// run, a return takes its own back, and what is redeemed or taken must be available.
/// </summary>
internal sealed class Fold
{
    private readonly Dictionary<string, long> _orders = [];
    private long _available;
    private long _pending;

    public Balances Balances => new(_available, _pending, 0);

    /// <summary>Answers whether it is refused.</summary>
    public bool Refuses(SentInput input)
    {
        switch (input.Kind)
        {
            case InputKind.Order:
                _orders.Add(input.Order, input.Points);
                _pending += input.Points;
                return false;
            case InputKind.Return:
                var left = _orders.GetValueOrDefault(input.Order);
                var back = Math.Min(left, input.Points);
                _orders[input.Order] = left - back;
                _pending -= back;
                return false;
            case InputKind.Redeem:
                return !Spend(input.Points);
            case InputKind.Adjust when input.Points < 0:
                return !Spend(-input.Points);
            case InputKind.Adjust:
                _available += input.Points;
                return false;
            default:
                return false;
        }
    }

    private bool Spend(long points)
    {
        if (points > _available) return false;
        _available -= points;
        return true;
    }
}
