using Lifecycle.Domain.Conditions;

namespace Lifecycle.Domain.Tests.Conditions;

public sealed class ConditionCompilerTests
{
    private static readonly FakeFacts Facts = new(
        ("customer.orders", new(Whole: 3)), ("customer.orders_365d", new(Whole: 6)),
        ("customer.spend_minor", new(Whole: 12_999)), ("event.amount_minor", new(Whole: 12_950)),
        ("event.category", new(Text: "tea")), ("event.score", new(Number: 8.5m)));

    [Theory]
    [InlineData("true")]
    [InlineData("!false")]
    [InlineData("customer.orders == 3")]
    [InlineData("customer.orders_365d >= 6 && customer.referrals == 0")]
    [InlineData("customer.orders > 100 || event.category == 'tea'")]
    [InlineData("event.category != \"coffee\"")]
    [InlineData("event.score >= 8")]
    [InlineData("8 < event.score")]
    [InlineData("customer.orders == 3.0")]
    [InlineData("1 + 2 * 3 == 7")]
    [InlineData("(1 + 2) * 3 == 9")]
    [InlineData("10 - 2 - 3 == 5")]
    [InlineData("7 / 2 == 3.5")]
    [InlineData("-7 % 3 == -1")]
    [InlineData("floor(-0.5) == -1")]
    [InlineData("floor(7) == 7")]
    [InlineData("- - 3 == 3")]
    [InlineData("-(1 + 2) == -3")]
    [InlineData("!(1 == 2) == true")]
    [InlineData("false && false || true")]
    [InlineData("true || false && false")]
    [InlineData("-9223372036854775808 < 0")]
    [InlineData("-9223372036854775808 % -1 == 0")]
    [InlineData("0.1 + 0.2 == 0.3")]
    [InlineData("'it\\'s \\u8336' == \"it's 茶\"")]
    [InlineData("event.coupon == ''")]
    public void A_true_condition_is_true(string text) =>
        Assert.True(Compile(text, ConditionType.Truth).Evaluate(Facts).Truth);

    [Theory]
    [InlineData("floor(event.amount_minor / 100)", 129)]
    [InlineData("event.amount_minor % 100", 50)]
    [InlineData("42", 42)]
    [InlineData("floor(event.amount_minor * 0.015)", 194)]
    public void A_whole_expression_gives_a_whole_number(string text, long expected) =>
        Assert.Equal(expected, Compile(text, ConditionType.Whole).Evaluate(Facts).Whole);

    [Fact]
    public void A_whole_number_is_taken_where_a_decimal_one_is_wanted()
    {
        Assert.Equal(3m, Compile("customer.orders", ConditionType.Number).Evaluate(Facts).Number);
        Assert.Equal("tea", Compile("event.category", ConditionType.Text).Evaluate(Facts).Text);
    }

    [Theory]
    [InlineData("customer.orders / customer.referrals > 1", "3 / 0 is a division by zero")]
    [InlineData("customer.orders % customer.referrals == 1", "3 % 0 is a division by zero")]
    [InlineData(
        "customer.orders * 9223372036854775807 > 1", "3 * 9223372036854775807 is too large for a whole number")]
    [InlineData(
        "customer.orders + 9223372036854775807 > 1", "3 + 9223372036854775807 is too large for a whole number")]
    [InlineData(
        "-9223372036854775807 - customer.orders > 1", "-9223372036854775807 - 3 is too large for a whole number")]
    [InlineData(
        "999999999999999999999999999.0 * event.amount_minor > 1",
        "999999999999999999999999999.0 * 12950 is too large for a decimal number")]
    [InlineData(
        "floor(customer.orders * 9223372036854775807.0) > 1",
        "floor(27670116110564327421.0) is too large for a whole number")]
    public void An_evaluation_without_a_result_says_why(string text, string message)
    {
        var condition = Compile(text, ConditionType.Truth);
        Assert.Equal(message, Assert.Throws<ConditionException>(() => condition.Evaluate(Facts)).Message);
    }

    [Theory]
    [InlineData("customer.orders == 4 && 1 / customer.referrals > 0", 1)]
    [InlineData("customer.orders == 3 || 1 / customer.referrals > 0", 1)]
    public void The_first_term_that_decides_ends_the_evaluation(string text, int reads)
    {
        var facts = new FakeFacts(("customer.orders", new(Whole: 3)));
        Compile(text, ConditionType.Truth).Evaluate(facts);
        Assert.Equal(reads, facts.Reads);
    }

    [Fact]
    public void Reads_names_every_variable_once_in_order()
    {
        var condition = Compile("customer.visits_7d > customer.orders || customer.orders > 1", ConditionType.Truth);
        Assert.Equal(["customer.visits_7d", "customer.orders"], condition.Reads.Select(v => v.Name));
    }

    [Fact]
    public void Every_variable_compiles_to_its_own_type()
    {
        foreach (var variable in Variables.All.Values)
        {
            var condition = Compile(variable.Name, variable.Type);
            Assert.Equal(variable, Assert.Single(condition.Reads));
        }
    }

    [Fact]
    public void Evaluating_allocates_nothing()
    {
        var facts = new FakeFacts(("customer.orders", new(Whole: 3)), ("event.category", new(Text: "tea")));
        var condition = Compile(
            "floor(customer.orders / 2.5) >= 1 && (event.category == 'tea' || customer.visits_7d * 3 > 1)",
            ConditionType.Truth);
        condition.Evaluate(facts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) condition.Evaluate(facts);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Condition Compile(string text, ConditionType type)
    {
        var (condition, errors) = ConditionCompiler.Compile(text, type, allowEvent: true);
        Assert.Empty(errors);
        return condition!;
    }
}
