using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Money;

namespace Lifecycle.Web.Segment;

/// <summary>
/// Amounts as messages have them (12.9, "12.90", 30.000000000000004) in minor units: exact, rounded once, to the
/// nearest minor unit, half of one away from zero.
/// </summary>
internal static class MessageMoney
{
    /// <summary>Past it no amount is taken, and multiplying by a price or a power of ten stays exact enough.</summary>
    private const decimal Most = InputLimits.AmountMax;

    /// <summary>Null for a currency that there is not.</summary>
    public static int? DigitsOf(string currency) => Currencies.Find(currency);

    /// <summary>Null when it is out of any range.</summary>
    public static long? ToMinor(decimal amount, int digits)
    {
        if (Math.Abs(amount) > Most) return null;
        for (var i = 0; i < digits; i++) amount *= 10;
        return (long)Math.Round(amount, MidpointRounding.AwayFromZero);
    }

    /// <summary>Of a line: the price of one times the pieces.</summary>
    public static long? ToMinor(decimal price, decimal quantity, int digits) =>
        Math.Abs(price) > Most || Math.Abs(quantity) > InputLimits.QuantityMax || Math.Abs(price * quantity) > Most
            ? null
            : ToMinor(price * quantity, digits);
}
