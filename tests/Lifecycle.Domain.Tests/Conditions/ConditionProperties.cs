using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Conditions;

namespace Lifecycle.Domain.Tests.Conditions;

public sealed class ConditionProperties
{
    private static readonly string[] Tokens =
    [
        "(", ")", "!", "-", "+", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "floor(", "floor",
        "true", "false", "0", "1", "2.5", "9223372036854775807", "9223372036854775808", "'a'", "\"b\"", "'", "\\",
        "\\u12", "in", "now", "?", ":", "[", "]", ".", ",", "{", "}", "=", "&", "|", "$", "茶", "\ud83d\ude00", "\ud83d", "\0",
        "\n", "customer.orders", "customer.", "event.score", "event.category", "customer.stage", "x.y()", "1e5", " ",
    ];

    private static readonly FakeFacts Facts = new(("customer.orders", new(Whole: 3)));

    [Fact]
    public void Token_soup_gives_errors_or_a_condition_but_never_throws()
    {
        var soup = Gen.ArrayOf(Gen.Elements(Tokens)).Select(parts => string.Join(' ', parts));
        Prop.ForAll(soup.ToArbitrary(), Gen.Elements(Enum.GetValues<ConditionType>()).ToArbitrary(), HoldsTogether)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void Character_soup_gives_errors_or_a_condition_but_never_throws() =>
        Prop.ForAll<string>(text => HoldsTogether(text ?? "", ConditionType.Truth))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Whole_arithmetic_agrees_with_unbounded_integers() =>
        Prop.ForAll(Gen.Sized(size => Sums(Math.Min(size, 5))).ToArbitrary(), sum =>
        {
            var text = sum.Text;
            var (condition, errors) = ConditionCompiler.Compile(text, ConditionType.Whole, allowEvent: false);
            if (condition is null)
            {
                Assert.Null(sum.Value);
                Assert.NotEmpty(errors);
            }
            else if (sum.Value is { } expected)
            {
                Assert.Equal(expected, condition.Evaluate(Facts).Whole);
            }
            else
            {
                Assert.Throws<ConditionException>(() => condition.Evaluate(Facts));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Comparisons_of_decimal_numbers_agree_with_decimal() =>
        Prop.ForAll<decimal, decimal>((a, b) =>
        {
            var (x, y) = (Math.Round(a, 4), Math.Round(b, 4));
            if (Math.Abs(x) > 1e15m || Math.Abs(y) > 1e15m) return;
            var (left, right) = (Literal(x), Literal(y));
            Assert.Equal(x < y, Truth($"{left} < {right}"));
            Assert.Equal(x >= y, Truth($"{left} >= {right}"));
            Assert.Equal(x == y, Truth($"{left} == {right}"));
            Assert.Equal(decimal.Floor(x / 1000 + y), Number($"floor({left} / 1000 + {right})"));
        }).QuickCheckThrowOnFailure();

    private static string Literal(decimal number) => number.ToString("0.0000", CultureInfo.InvariantCulture);

    private static bool Truth(string text) => Evaluate(text, ConditionType.Truth).Truth;

    private static decimal Number(string text) => Evaluate(text, ConditionType.Number).Number;

    private static Value Evaluate(string text, ConditionType type)
    {
        var (condition, errors) = ConditionCompiler.Compile(text, type, allowEvent: false);
        Assert.Empty(errors);
        return condition!.Evaluate(Facts);
    }

    /// <summary>A condition or errors, never both; errors lie in the text; an evaluation ends as promised.</summary>
    private static void HoldsTogether(string text, ConditionType type)
    {
        var (condition, errors) = ConditionCompiler.Compile(text, type, allowEvent: true);
        Assert.Equal(condition is null, errors.Length > 0);
        Assert.All(errors, e => Assert.InRange(e.Offset, 0, text.Length));
        try
        {
            condition?.Evaluate(Facts);
        }
        catch (ConditionException)
        {
            // Division by a variable that is zero.
        }
    }

    /// <summary>Expressions with their value; null where a step leaves 64 bits or divides by zero.</summary>
    private static Gen<Sum> Sums(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Choose(-50, 50).Select(n => new Sum($"({n})", n)),
            Gen.Elements(long.MinValue, long.MaxValue, long.MaxValue / 2, -3_037_000_500)
                .Select(n => new Sum($"({n})", n)),
            Gen.Constant(new Sum("customer.orders", 3)));
        if (depth == 0) return leaf;
        var below = Sums(depth - 1);
        var joined =
            from left in below
            from sign in Gen.Elements("+", "-", "*", "%")
            from right in below
            select new Sum($"({left.Text} {sign} {right.Text})", Apply(left.Value, sign, right.Value));
        return Gen.OneOf(leaf, joined, below.Select(s => new Sum($"(-{s.Text})", Bounded(-s.Value))));
    }

    private static BigInteger? Apply(BigInteger? a, string sign, BigInteger? b) => sign switch
    {
        "+" => Bounded(a + b),
        "-" => Bounded(a - b),
        "*" => Bounded(a * b),
        _ => a is { } x && b is { IsZero: false } y ? Bounded(BigInteger.Remainder(x, y)) : null,
    };

    private static BigInteger? Bounded(BigInteger? value) =>
        value >= long.MinValue && value <= long.MaxValue ? value : null;

    private sealed record Sum(string Text, BigInteger? Value);
}
