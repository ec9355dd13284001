using Lifecycle.Domain.Money;

namespace Lifecycle.Domain.Tests.Money;

public sealed class CurrenciesTests
{
    [Theory]
    [InlineData("EUR", 2)]
    [InlineData("CNY", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    [InlineData("CLF", 4)]
    [InlineData("HRK", 2)]
    [InlineData("eur", null)]
    [InlineData("EURO", null)]
    [InlineData("XAU", null)]
    [InlineData("", null)]
    public void A_code_has_the_exponent_of_its_minor_unit(string code, int? exponent) =>
        Assert.Equal(exponent, Currencies.Find(code));

    [Fact]
    public void Every_code_is_three_capital_letters() =>
        Assert.All(Currencies.Codes, code => Assert.Matches("^[A-Z]{3}$", code));
}
