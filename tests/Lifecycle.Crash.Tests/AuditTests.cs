using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Tests;

/// <summary>The checker finds what it is there to find.</summary>
public sealed class AuditTests
{
    private readonly Doctored _history = new();

    [Fact]
    public void A_history_that_is_right_has_no_fault() => Assert.Empty(_history.Judge());

    [Fact]
    public void An_acknowledged_input_that_is_not_in_the_journal_is_lost()
    {
        _history.Journal.RemoveAt(2);
        _history.Number();

        Assert.Contains(_history.Judge(), fault => fault.StartsWith("LOST: Visit crash/e-3", StringComparison.Ordinal));
    }

    [Fact]
    public void The_end_of_a_journal_that_is_cut_off_is_lost_though_only_readers_saw_it()
    {
        _history.Sightings.See("bob", 2, default, "a reader");

        Assert.Equal("LOST: version 2 of bob was told; the journal ends with 1.", Assert.Single(_history.Judge()));
    }

    [Fact]
    public void An_input_that_is_in_the_journal_twice_is_doubled()
    {
        _history.Journal.Add(_history.Journal[2]);
        _history.Number();

        Assert.Contains(_history.Judge(), fault => fault.StartsWith("DOUBLED: ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_input_that_nobody_sent_is_found()
    {
        _history.Journal.Add(_history.Journal[2] with { Id = "e-7" });
        _history.Number();

        Assert.EndsWith("was sent by nobody.", Assert.Single(_history.Judge()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_of_unknown_fate_may_be_in_the_journal_once_or_not_at_all()
    {
        var sent = new SentInput(new("bob", "crash", "e-7"), InputKind.Visit, 0);
        _history.Ledger.Sending(sent);
        Assert.Empty(_history.Judge());

        _history.Journal.Add(_history.Journal[2] with { Id = "e-7" });
        _history.Number();
        Assert.Empty(_history.Compare());

        _history.Journal.Add(_history.Journal[^1]);
        _history.Number();
        Assert.Contains(_history.Compare(), fault => fault.StartsWith("DOUBLED: ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_entry_with_another_version_than_was_told_is_found()
    {
        // The first two entries of ann have changed places.
        (_history.Journal[0], _history.Journal[1]) = (_history.Journal[1], _history.Journal[0]);
        _history.Number();

        Assert.Contains(
            _history.Judge(),
            fault => fault.StartsWith("Order crash/e-1 of ann was acknowledged", StringComparison.Ordinal));
    }

    [Fact]
    public void Balances_that_the_inputs_do_not_come_to_are_found()
    {
        _history.Journal[5] = _history.Journal[5] with { After = new(31, 70, 0) };

        Assert.Contains(_history.Judge(), fault => fault.Contains("the inputs come to", StringComparison.Ordinal));
    }

    [Fact]
    public void A_refusal_without_cause_and_one_that_is_missing_are_found()
    {
        _history.Journal[4] = _history.Journal[4] with { IsRefusal = false };
        _history.Journal[5] = _history.Journal[5] with { IsRefusal = true };

        var faults = _history.Judge();
        Assert.Contains("Redeem command/e-5 of ann had to be refused and was not.", faults);
        Assert.Contains("Redeem command/e-6 of ann was refused.", faults);
    }

    [Fact]
    public void Another_amount_than_was_sent_is_found()
    {
        _history.Journal[0] = _history.Journal[0] with { Points = 101 };

        Assert.Contains(
            "Order crash/e-1 of ann with 100 points is", Assert.Single(_history.Judge()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_in_commit_order_and_one_in_a_customers_are_found()
    {
        _history.Journal[5] = _history.Journal[5] with { Position = 7, Seq = 6 };

        var faults = _history.Judge();
        Assert.Contains("The journal goes from 5 on to 7.", faults);
        Assert.Contains("ann goes from 4 on to 6.", faults);
    }

    [Fact]
    public void A_read_that_is_older_than_what_was_told_before_it_was_sent_is_stale()
    {
        _history.Judge();
        var floor = _history.Sightings.FloorOf("ann");
        _history.Sightings.Read("ann", floor, floor, new(30, 70, 0), "a reader");
        Assert.Equal(0, _history.Sightings.Stale);

        _history.Sightings.Read("ann", floor, floor - 2, new(50, 70, 0), "a reader");
        _history.Sightings.Missing("bob", _history.Sightings.FloorOf("bob"), "a reader");

        Assert.Equal(2, _history.Sightings.Stale);
        Assert.Equal(
            2, _history.Faults.Shown.Count(fault => fault.StartsWith("Stale read of ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_read_that_was_sent_before_may_be_answered_with_what_was_true_then()
    {
        var floor = _history.Sightings.FloorOf("ann");
        _history.Judge();
        _history.Sightings.Read("ann", floor, 1, new(0, 100, 0), "a reader");
        _history.Sightings.Missing("bob", 0, "a reader");

        Assert.Empty(_history.Faults.Shown);
    }

    [Fact]
    public void A_version_with_two_balances_is_found()
    {
        _history.Judge();
        _history.Sightings.See("ann", 5, new(29, 70, 0), "a reader");

        Assert.Single(_history.Faults.Shown);
    }

    [Fact]
    public void An_input_that_is_answered_as_new_twice_or_differently_is_found()
    {
        _history.Judge();
        var (input, told) = (_history.Input(1), _history.Told(1));
        _history.Ledger.Sending(input);
        _history.Ledger.Take(input, told, repeated: true);
        Assert.Empty(_history.Faults.Shown);

        _history.Ledger.Take(input, told, repeated: false);
        _history.Ledger.Take(input, told with { Version = 3 }, repeated: true);
        Assert.Equal(2, _history.Faults.Count);
    }

    [Fact]
    public void What_was_sent_once_is_not_known_already()
    {
        _history.Ledger.Sending(_history.Input(1));
        _history.Ledger.Take(_history.Input(1), _history.Told(1), repeated: true);

        Assert.Single(_history.Faults.Shown);
    }

    [Fact]
    public void What_was_sent_once_may_be_known_already_where_a_front_repeats_it()
    {
        var ledger = new Ledger(_history.Faults, isRepeatedInside: true);
        ledger.Sending(_history.Input(1));
        ledger.Take(_history.Input(1), _history.Told(1), repeated: true);
        Assert.Empty(_history.Faults.Shown);

        ledger.Take(_history.Input(1), _history.Told(1) with { Version = 3 }, repeated: true);
        Assert.Single(_history.Faults.Shown);
    }
}
