using Lifecycle.Domain.Conditions;

namespace Lifecycle.Domain.Tests.Conditions;

public sealed class ConditionErrorTests
{
    [Theory]
    [InlineData("customer.ordres > 1", 0, "There is no variable 'customer.ordres'. Did you mean 'customer.orders'?")]
    [InlineData("1 < orders_365d", 4, "There is no variable 'orders_365d'. Did you mean 'customer.orders_365d'?")]
    [InlineData("zzzzzz > 1", 0, "There is no variable 'zzzzzz'.")]
    [InlineData("customer.orders = 1", 16, "Found '=': write '==' to compare.")]
    [InlineData("true & true", 5, "Found '&': write '&&' for \"and\".")]
    [InlineData("true and true", 5, "Expected an operator, found 'and': write '&&'.")]
    [InlineData("customer.orders >", 17, "Expected a value, found the end.")]
    [InlineData("(customer.orders > 1", 20, "Expected ')' for the '(' at character 1, found the end.")]
    [InlineData("true)", 4, "This ')' closes nothing: expected the end or an operator.")]
    [InlineData(
        "customer.orders", 0, "Expected true or false, but this is a whole number. Compare it, such as ... > 0.")]
    [InlineData("'a' < 'b'", 0, "'<' needs numbers, but this is text. Text can only be compared with '==' and '!='.")]
    [InlineData("1 == 'a'", 2, "'==' compares two of a kind, but left is a whole number and right is text.")]
    [InlineData(
        "1 < 2 < 3", 0, "'<' needs numbers, but this is true or false. Write a < b && b < c instead of a < b < c.")]
    [InlineData("1 && true", 0, "'&&' joins conditions; this is a whole number.")]
    [InlineData("!1", 1, "'!' needs true or false, but this is a whole number.")]
    [InlineData("-'a' == 1", 1, "'-' needs a number, but this is text.")]
    [InlineData("floor('a') == 1", 6, "floor(...) needs a number, but this is text.")]
    [InlineData("1.5 % 2 == 1", 4, "'%' needs whole numbers on both sides: wrap a decimal one in floor().")]
    [InlineData("customer.orders / 0 > 1", 18, "This divides by zero.")]
    [InlineData("customer.orders % (1 - 1) > 1", 19, "This divides by zero.")]
    [InlineData("9223372036854775807 + 1 > 0", 20, "9223372036854775807 + 1 is too large for a whole number.")]
    [InlineData(
        "9223372036854775808 > 0", 0,
        "'9223372036854775808' is too large: whole numbers go to 9223372036854775807.")]
    [InlineData("10e3 > 1", 0, "'10e3' is not a number: write digits only, such as 1500 or 0.25.")]
    [InlineData("event.coupon == 'abc", 16, "This text is not closed: expected ' at its end, on the same line.")]
    [InlineData("event.coupon == ‘abc’", 16, "Found '‘': write straight quotes, ' or \".")]
    [InlineData(
        @"event.coupon == 'a\q'", 18, @"'\q' is not an escape: expected \\ \' \"" \n \r \t or \u and 4 hex digits.")]
    [InlineData("1 $ 2", 2, "Found '$': expected a value or an operator.")]
    [InlineData("", 0, "This is empty: expected true or false.")]
    public void The_error_says_where_and_what(string text, int offset, string message)
    {
        var (condition, errors) = ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: true);
        Assert.Null(condition);
        Assert.Equal(new ConditionError(offset, message), errors[0]);
    }

    [Theory]
    [InlineData("event.category in ['tea', 'coffee']", 15)]
    [InlineData("customer.orders > 1 ? true : false", 20)]
    [InlineData("event.category.startsWith('t')", 0)]
    [InlineData("'tea'.size() > 1", 5)]
    [InlineData("size(event.category) > 1", 0)]
    [InlineData("now > 1", 0)]
    [InlineData("[1][0] == 1", 0)]
    [InlineData("event.category[0] == 't'", 14)]
    public void What_a_later_version_will_understand_is_named_as_such(string text, int offset)
    {
        var (_, errors) = ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: true);
        var error = Assert.Single(errors);
        Assert.Equal(offset, error.Offset);
        Assert.Contains("not supported yet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_result_where_a_whole_one_is_wanted_points_to_floor()
    {
        var (_, errors) = ConditionCompiler.Compile("event.amount_minor / 100", ConditionType.Whole, allowEvent: true);
        Assert.Equal(
            new(0, "Expected a whole number, but this is a decimal number. Wrap it in floor()."),
            Assert.Single(errors));
    }

    [Theory]
    [InlineData("event.amount_minor > 1")]
    [InlineData("event.nonsense > 1")]
    public void Events_are_refused_where_there_is_none(string text)
    {
        var (_, errors) = ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: false);
        Assert.StartsWith("event.* cannot be used here", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stage_is_refused_where_it_is_decided()
    {
        const string text = "customer.stage == 'New'";
        var (_, errors) = ConditionCompiler.Compile(text, ConditionType.Truth, ConditionScope.Stage);
        Assert.Equal(
            "customer.stage cannot be used here: this condition decides the stage.", Assert.Single(errors).Message);
    }

    [Fact]
    public void Errors_in_several_terms_are_all_reported_in_order()
    {
        const string text = "customer.ordres > 1 && (2 > || customer.visit > 1) && " +
            "event.kind in ['a'] && 1 / 0 > 1 && $";
        var (_, errors) = ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: true);
        Assert.Equal([0, 28, 31, 65, 81, 90], errors.Select(e => e.Offset));
    }

    [Fact]
    public void A_text_over_the_limit_is_refused()
    {
        var text = new string(' ', ConditionLimits.ConditionTextMax - 4) + "true";
        Assert.Empty(ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: false).Errors);
        var (_, errors) = ConditionCompiler.Compile(" " + text, ConditionType.Truth, allowEvent: false);
        Assert.Equal("This is 2001 characters long: at most 2000 are allowed.", Assert.Single(errors).Message);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("!")]
    [InlineData("-")]
    [InlineData("1+")]
    [InlineData("1<")]
    [InlineData("floor(")]
    [InlineData("!(")]
    public void Deep_nesting_is_refused_not_followed(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, ConditionLimits.ConditionTextMax / part.Length));
        var (condition, errors) = ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: true);
        Assert.Null(condition);
        Assert.StartsWith("This is nested too deep", errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_row_of_terms_is_not_deep()
    {
        var text = string.Join(" || ", Enumerable.Repeat("event.sku == 'x'", 100));
        Assert.Empty(ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: true).Errors);
    }

    [Fact]
    public void Nesting_up_to_the_limit_is_fine()
    {
        var text = new string('(', ConditionLimits.DepthMax) + "true" + new string(')', ConditionLimits.DepthMax);
        Assert.Empty(ConditionCompiler.Compile(text, ConditionType.Truth, allowEvent: true).Errors);
    }
}
