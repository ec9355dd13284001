using System.Globalization;

namespace Lifecycle.Domain.Conditions;

/// <summary>The operators on numbers: exact, and never a silent overflow.</summary>
internal static class Arithmetic
{
    public static long Add(long a, long b)
    {
        var sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) < 0 ? throw TooLarge(a, "+", b) : sum;
    }

    public static long Subtract(long a, long b)
    {
        var difference = unchecked(a - b);
        return ((a ^ b) & (a ^ difference)) < 0 ? throw TooLarge(a, "-", b) : difference;
    }

    public static long Multiply(long a, long b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high == low >> 63 ? low : throw TooLarge(a, "*", b);
    }

    /// <summary>The remainder has the sign of <paramref name="a"/>.</summary>
    public static long Modulo(long a, long b) => b switch
    {
        0 => throw DividedByZero(a, "%"),
        -1 => 0, // The processor faults on the smallest number here, although the answer is plain.
        _ => a % b,
    };

    public static long Negate(long a) =>
        a == long.MinValue ? throw new ConditionException($"-({a}) is too large for a whole number") : -a;

    public static decimal Add(decimal a, decimal b)
    {
        try
        {
            return a + b;
        }
        catch (OverflowException)
        {
            throw TooLarge(a, "+", b);
        }
    }

    public static decimal Subtract(decimal a, decimal b)
    {
        try
        {
            return a - b;
        }
        catch (OverflowException)
        {
            throw TooLarge(a, "-", b);
        }
    }

    public static decimal Multiply(decimal a, decimal b)
    {
        try
        {
            return a * b;
        }
        catch (OverflowException)
        {
            throw TooLarge(a, "*", b);
        }
    }

    public static decimal Divide(decimal a, decimal b)
    {
        if (b == 0) throw DividedByZero(a, "/");
        try
        {
            return a / b;
        }
        catch (OverflowException)
        {
            throw TooLarge(a, "/", b);
        }
    }

    /// <summary>The largest whole number that is not above it.</summary>
    public static long Floor(decimal a)
    {
        var floor = decimal.Floor(a);
        return floor is >= long.MinValue and <= long.MaxValue
            ? (long)floor
            : throw new ConditionException(Text($"floor({a}) is too large for a whole number"));
    }

    private static ConditionException TooLarge(long a, string sign, long b) =>
        new(Text($"{a} {sign} {b} is too large for a whole number"));

    private static ConditionException TooLarge(decimal a, string sign, decimal b) =>
        new(Text($"{a} {sign} {b} is too large for a decimal number"));

    private static ConditionException DividedByZero(decimal a, string sign) =>
        new(Text($"{a} {sign} 0 is a division by zero"));

    private static string Text(FormattableString message) => message.ToString(CultureInfo.InvariantCulture);
}
