using Lifecycle.Engine.Programs;

namespace Lifecycle.Engine.Tests.Programs;

public sealed class ProgramErrorTests
{
    [Theory]
    [InlineData(
        "program: small", "program: ' x'",
        "line 1, column 10: program: expected a name without blanks around it, found ' x'.")]
    [InlineData("program: small\n", "", "line 1, column 1: 'program' is missing here: expected a name.")]
    [InlineData("program: small", "program: [a]", "line 1, column 10: program: expected a name, found a list.")]
    [InlineData("program: small", "program:", "line 1, column 9: program: expected a name, found nothing.")]
    [InlineData(
        "EUR", "eur",
        "line 2, column 11: currency: expected a currency code of ISO 4217, such as EUR, found 'eur'. Did " +
        "you mean 'EUR'?")]
    [InlineData(
        "Europe/Berlin", "Europe/Berln",
        "line 3, column 12: time_zone: expected a time zone of the IANA database, such as Europe/Berlin, " +
        "found 'Europe/Berln'. Did you mean 'Europe/Berlin'?")]
    [InlineData(
        "Europe/Berlin", "../../etc/passwd",
        "line 3, column 12: time_zone: expected a time zone of the IANA database, such as Europe/Berlin, " +
        "found '../../etc/passwd'.")]
    [InlineData("earn: []", "ern: []", "line 12, column 1: There is no key 'ern' here. Did you mean 'earn'?")]
    [InlineData("earn: []", "tiers: {}", "line 12, column 1: 'tiers' is not supported by this version yet: remove it.")]
    [InlineData("earn: []", "points: {}", "line 12, column 1: The key 'points' is here twice: keep one.")]
    [InlineData("earn: []", "earn: &a []", "line 12, column 7: Anchors (&name) are not allowed: write the value out.")]
    [InlineData("earn: []", "earn: *a", "line 12, column 7: Aliases (*name) are not allowed: write the value out.")]
    [InlineData(
        "earn: []", "earn: !!seq []",
        "line 12, column 7: Tags (!name) are not allowed: put the value in quotes if it begins with '!'.")]
    [InlineData(
        "earn: []", "---\nearn: []",
        "line 12, column 1: A second document starts here: expected one document only.")]
    [InlineData(
        "earn: []", "earn: {}",
        "line 12, column 7: earn: expected a list of earning rules, found a map of keys and values.")]
    [InlineData("earn: []", "earn: \u0007", "line 12, column 7: The character U+0007 is not allowed in a document.")]
    [InlineData("earn: []", "? [a]\n: b", "line 12, column 3: A key must be a word, but this is a list.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, pending: 14}",
        "line 11, column 32: pending: expected a duration such as 30m, 12h, 14d or 6w, found '14'.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, pending: 366d}",
        "line 11, column 32: pending: expected 0d to 365d, found '366d'.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, value_minor: 1.5}",
        "line 11, column 36: value_minor: expected a whole number from 0 to 1000000, found '1.5'.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, expiry: never}",
        "line 11, column 31: expiry: expected none, or a map such as {rolling: 12 months, round: month}, " +
        "found 'never'.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, expiry: {rolling: 12}}",
        "line 11, column 41: rolling: expected 1 to 120 months or 1 to 3650 days, such as '12 months' or " +
        "'365 days', found '12'.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, expiry: {round: day}}",
        "line 11, column 31: 'rolling' is missing here: expected 1 to 120 months or 1 to 3650 days, such as " +
        "'12 months' or '365 days'.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, returns: {when_spent: block}}",
        "line 11, column 45: when_spent: expected negative or forgive, found 'block'.")]
    [InlineData(
        "{name: Stars}", "{name: Stars, earn_on_points_paid: yes}",
        "line 11, column 44: earn_on_points_paid: expected true or false, found 'yes'.")]
    [InlineData(
        "{name: Stars}", "Stars",
        "line 11, column 9: points: expected a map with name, value_minor, pending, expiry, returns, " +
        "earn_on_points_paid, found a single value.")]
    public void The_error_says_where_and_what(string piece, string replacement, string error) =>
        Assert.Equal(error, FirstError(Documents.With(piece, replacement)));

    [Theory]
    [InlineData("silence: {at_risk: 1}", "at_risk: expected a number between 0 and 1, found '1'.")]
    [InlineData(
        "silence: {at_risk: 0.99, dormant: 0.98}",
        "dormant: expected more than at_risk, which is 0.99, found 0.98.")]
    [InlineData("silence: {floor: 30d, cap: 30d}", "cap: expected more than floor, which is 30d, found 30d.")]
    [InlineData("silence: {population: {shape: 1}}", "shape: expected a number above 1, at most 1000, found '1'.")]
    [InlineData("silence: {dropout: 1}", "dropout: expected a number from 0, below 1, found '1'.")]
    [InlineData("silence: {dropout: 1e-3}", "dropout: expected a number from 0, below 1, found '1e-3'.")]
    public void Silence_is_checked_for_its_ranges(string silence, string message) =>
        Assert.EndsWith(": " + message, FirstError(Documents.With("earn: []", silence)), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "- {name: Churned, silence: churned}", "",
        "line 5, column 3: stages: no stage has 'silence: churned': expected exactly one.")]
    [InlineData(
        "silence: churned", "silence: dormant",
        "line 10, column 30: silence: another stage has this silence already: 'Dormant'.")]
    [InlineData(
        "silence: churned", "silence: lost",
        "line 10, column 30: silence: expected at_risk or dormant or churned, found 'lost'.")]
    [InlineData(
        "silence: churned", "silence: churned, when: 'true'",
        "line 10, column 45: when: a stage of silence has no 'when': remove it.")]
    [InlineData(
        "name: Churned", "name: Dormant",
        "line 10, column 12: name: there is another stage 'Dormant': names are unique.")]
    [InlineData(
        "    when: customer.orders >= 1\n", "",
        "line 6, column 5: 'when' is missing here: expected a condition over customer.*, such as " +
        "\"customer.orders >= 2\".")]
    [InlineData(
        "- name: Prospect", "- {name: Prospect, when: customer.orders > 0}",
        "line 5, column 28: when: the first stage is where everyone starts: expected \"true\", or no 'when'.")]
    [InlineData(
        "- name: Prospect", "- {name: Prospect, from: [Buyer]}",
        "line 5, column 28: from: the first stage, where everyone starts, has no 'from': remove it.")]
    [InlineData(
        "name: Buyer", "name: Buyer\n    from: [Prospct]",
        "line 7, column 12: from: there is no stage 'Prospct'. Did you mean 'Prospect'?")]
    [InlineData(
        "name: Buyer", "name: Buyer\n    from: [Buyer]",
        "line 7, column 12: from: a stage cannot be entered from itself.")]
    [InlineData(
        "name: Buyer", "name: Buyer\n    from: Prospect",
        "line 7, column 11: from: expected a list of stages, such as [New, Growing], found a single value.")]
    [InlineData(
        "name: Buyer", "name: Buyer\n    dwell: 0d", "line 7, column 12: dwell: expected 1m to 3650d, found '0d'.")]
    [InlineData(
        "name: Buyer", "name: Buyer\n    schedule: birthday",
        "line 7, column 5: 'schedule' is not supported by this version yet: remove it.")]
    [InlineData(
        "customer.orders >= 1", "customer.stage == 'New'",
        "line 7, column 11: when: customer.stage cannot be used here: this condition decides the stage.")]
    [InlineData(
        "customer.orders >= 1", "event.amount_minor > 1",
        "line 7, column 11: when: event.* cannot be used here: there is no event when this is asked. Use " +
        "customer.* only.")]
    [InlineData(
        "silence: churned}", "silence: churned}\n  - {name: A, after: silence}\n  - {name: B, after: silence}",
        "line 12, column 22: after: another stage is after silence already: 'A'.")]
    [InlineData(
        "silence: churned}", "silence: churned}\n  - {name: A, after: orders}",
        "line 11, column 22: after: expected silence, found 'orders'.")]
    public void Stages_are_checked_together(string piece, string replacement, string error) =>
        Assert.Contains(error, Errors(Documents.With(piece, replacement)));

    [Fact]
    public void A_mistyped_silence_is_not_also_missing() =>
        Assert.Single(Errors(Documents.With("silence: churned", "silence: lost")));

    [Theory]
    [InlineData(
        "{name: a}",
        "line 13, column 5: A rule awards points or multiplies them: expected 'points' or 'multiply', found neither.")]
    [InlineData(
        "{name: a, points: 1, multiply: 2}",
        "line 13, column 5: A rule awards points or multiplies them: expected 'points' or 'multiply', found both.")]
    [InlineData(
        "{name: a, multiply: 1}",
        "line 13, column 25: multiply: expected a number above 0, at most 100, but not 1, found '1'.")]
    [InlineData(
        "{name: a, points: event.amount_minor / 100}",
        "line 13, column 23: points: Expected a whole number, but this is a decimal number. Wrap it in floor().")]
    [InlineData(
        "{name: a, points: 1, cap: 2}",
        "line 13, column 26: 'cap' is not supported by this version yet: remove it.")]
    [InlineData("{points: 1}", "line 13, column 5: 'name' is missing here: expected a name.")]
    public void Earning_rules_are_checked(string rule, string error) =>
        Assert.Equal(error, FirstError(Documents.WithEarn($"earn:\n  - {rule}")));

    [Theory]
    [InlineData(
        "order.placed", "event.category == 'tea'", "points: 1",
        "event.category belongs to the lines of an order, and an award is for the whole order: only rules " +
        "with 'multiply' can read it.")]
    [InlineData(
        "visit", "event.rating > 1", "points: 1", "event.rating is always empty here: a 'visit' does not carry it.")]
    [InlineData(
        "cart.updated", "event.sku == 'A'", "multiply: 2",
        "event.sku is always empty here: a 'cart.updated' does not carry it.")]
    [InlineData(
        "game.won", "event.score > 1", "points: 1",
        "event.score is always empty here: the data of 'game.won', which is not built in, is sealed.")]
    public void A_rule_cannot_read_what_its_event_never_carries(string on, string condition, string what, string error)
    {
        var yaml = Documents.WithEarn($"earn:\n  - name: a\n    on: {on}\n    if: true && {condition}\n    {what}\n");
        Assert.Equal("line 15, column 17: if: " + error, Assert.Single(Errors(yaml)));
    }

    [Fact]
    public void Names_of_rules_are_unique()
    {
        var yaml = Documents.WithEarn("earn:\n  - {name: a, points: 1}\n  - {name: a, points: 2}");
        Assert.Equal("line 14, column 12: name: there is another rule 'a': names are unique.", FirstError(yaml));
    }

    [Theory]
    [InlineData("if: customer.ordres > 1", 14, 9)]
    [InlineData("if: \"event.coupon == '\\x41' && oops\"", 14, 36)]
    [InlineData("if: 'event.coupon == ''a'' && oops'", 14, 35)]
    [InlineData("if: |\n      true &&\n        oops", 16, 9)]
    [InlineData("if: >- # why\n      true &&\n      true && oops", 16, 15)]
    [InlineData("if: true &&\n      oops", 15, 7)]
    [InlineData("if: \"true \\\n      && oops\"", 15, 10)]
    [InlineData("if: true &&", 14, 16)]
    public void An_error_in_a_condition_is_at_its_character(string line, int row, int column)
    {
        var yaml = Documents.WithEarn($"earn:\n  - name: a\n    {line}\n    points: 1\n");
        var error = Assert.Single(ProgramDocument.Parse(yaml, 1).Errors);
        Assert.Equal((row, column), (error.Line, error.Column));
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once_in_order()
    {
        var yaml = Documents.With("EUR", "XXX").Replace("Berlin", "Nowhere", StringComparison.Ordinal)
            .Replace("customer.orders >= 1", "customer.ordres >= && zip", StringComparison.Ordinal)
            .Replace("name: Stars", "nam: Stars, pending: x", StringComparison.Ordinal);
        var errors = ProgramDocument.Parse(yaml, 1).Errors;
        Assert.Equal(
            [(2, 11), (3, 12), (7, 11), (7, 30), (7, 33), (11, 9), (11, 10), (11, 31)],
            errors.Select(e => (e.Line, e.Column)));
    }

    private static string FirstError(string yaml) => Errors(yaml).First();

    private static IEnumerable<string> Errors(string yaml)
    {
        var result = ProgramDocument.Parse(yaml, 1);
        Assert.Null(result.Program);
        return result.Errors.Select(e => e.ToString());
    }
}
