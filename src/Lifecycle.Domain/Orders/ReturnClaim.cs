using Lifecycle.Domain.Inputs;

namespace Lifecycle.Domain.Orders;

/// <summary>What a return says came back, and how much of it has not been matched to an order yet.</summary>
internal sealed class ReturnClaim
{
    private readonly OrderItem[] _items;
    private readonly long[] _left;
    private long _amountLeft;

    public ReturnClaim(EventData data)
    {
        _items = [.. data.Items];
        _left = [.. data.Items.Select(item => IsMoney(item) ? 0 : item.Quantity)];
        _amountLeft = data.Items.IsEmpty
            ? data.Integer(EventSchema.AmountMinor) ?? 0
            : data.Items.Where(IsMoney).Sum(item => item.AmountMinor);
    }

    /// <summary>It names lines; otherwise only an amount.</summary>
    public bool HasItems => _items.Length > 0;

    public IEnumerable<string> Skus => _items.Where((_, i) => _left[i] > 0).Select(item => item.Sku);

    /// <summary>What was claimed as an amount and not as pieces of a sku, as far as it is left.</summary>
    public long MoneyLeft => _amountLeft;

    /// <summary>The amount that is left, of lines in proportion to the pieces that are left.</summary>
    public long AmountLeft
    {
        get
        {
            var amount = _amountLeft;
            for (var i = 0; i < _items.Length; i++) amount += LineLeft(i);
            return amount;
        }
    }

    public long UnitsLeft => _left.Sum();

    /// <summary>Takes at most so many pieces of a sku; answers how many.</summary>
    public long Take(string sku, long pieces)
    {
        var taken = 0L;
        for (var i = 0; i < _items.Length && taken < pieces; i++)
        {
            if (_items[i].Sku != sku) continue;
            var some = Math.Min(_left[i], pieces - taken);
            _left[i] -= some;
            taken += some;
        }

        return taken;
    }

    /// <summary>From here on what lines said is taken as money.</summary>
    public void Liquidate()
    {
        _amountLeft = AmountLeft;
        Array.Clear(_left);
    }

    /// <summary>Takes at most so much of the money; answers how much.</summary>
    public long TakeMoney(long most)
    {
        var taken = Math.Min(most, _amountLeft);
        _amountLeft -= taken;
        return taken;
    }

    /// <summary>A line without a sku or without pieces can only be matched by its amount.</summary>
    private static bool IsMoney(OrderItem item) => item.Sku.Length == 0 || item.Quantity == 0;

    private long LineLeft(int i) =>
        _left[i] == 0
            ? 0
            : (long)((Int128)_items[i].AmountMinor * _left[i] / _items[i].Quantity);
}
