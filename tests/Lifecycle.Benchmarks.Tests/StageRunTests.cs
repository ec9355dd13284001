using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Tests;

public sealed class StageRunTests
{
    private static readonly BenchOptions Options = BenchOptions.Quick with { Rounds = 3 };

    private readonly List<string> _measured = [];

    [Fact]
    public async Task Ours_and_its_baselines_take_turns_after_a_short_round_that_does_not_count()
    {
        var row = new Row("row", "row", Gives("ours", 100, 2, 4, 6), new Comparison(Gives("baseline", 100, 1, 1, 2)));

        var result = Assert.Single(await RunAsync(row));

        Assert.Equal(
            ["ours", "baseline", "ours", "baseline", "ours", "baseline", "ours", "baseline"], _measured);
        Assert.Equal(new Spread(4, 2, 6), result.Ours!.Spread);
        // Round by round: 2, 4 and 3.
        Assert.Equal(new Spread(3, 2, 4), Assert.Single(result.Comparisons).Ratio);
        Assert.Null(result.Reason);
    }

    [Fact]
    public async Task A_baseline_that_fails_says_why_and_leaves_ours()
    {
        var row = new Row("row", "row", Gives("ours", 1, 2, 3, 4), new Comparison(Fails("baseline", "no server")));

        var result = Assert.Single(await RunAsync(row));

        Assert.Equal(3, result.Ours!.Spread.Median);
        Assert.Empty(result.Comparisons);
        Assert.Equal("baseline: no server", result.Reason);
        Assert.Contains("not measured: baseline: no server", Report.Render([result]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_cannot_be_prepared_says_why_at_each_row()
    {
        var rows = new[] { new Row("a", "a", Gives("a", 1)), new Row("b", "b", Gives("b", 1)) };

        var results = await StageRun.RunAsync(
            new Prepared(rows, "there is no PostgreSQL"), rows, Options, _ => { }, CancellationToken.None);

        Assert.All(results, result => Assert.Equal("there is no PostgreSQL", result.Reason));
        Assert.Empty(_measured);
    }

    [Fact]
    public async Task When_the_time_is_over_what_was_measured_stays_and_the_rest_says_so()
    {
        using var time = new CancellationTokenSource();
        var first = Gives("first", 1, 2, 3, 4);
        var ends = new Contender("ends", "units", (_, _) =>
        {
            // In the second round, after the short one and the first.
            if (_measured.Count(name => name == "first") == 3) time.Cancel();
            time.Token.ThrowIfCancellationRequested();
            return Task.FromResult(new Sample(1));
        });
        var later = new Row("b", "b", Gives("b", 1)) { Phase = 1 };
        var rows = new[] { new Row("a", "a", first, new Comparison(ends)), later };

        var results = await StageRun.RunAsync(new Prepared(rows, null), rows, Options, _ => { }, time.Token);

        Assert.Equal(2, results[0].Ours!.Samples.Count);
        Assert.Contains("the time of the run was over", results[0].Reason, StringComparison.Ordinal);
        Assert.Null(results[1].Ours);
        Assert.Contains("the time of the run was over", results[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_a_later_phase_wait_until_the_earlier_one_is_through()
    {
        var later = new Row("later", "later", Gives("later", 1, 1, 1, 1)) { Phase = 1 };
        var first = new Row("first", "first", Gives("first", 1, 1, 1, 1));

        await RunAsync(later, first);

        Assert.Equal([.. Enumerable.Repeat("first", 4), .. Enumerable.Repeat("later", 4)], _measured);
    }

    [Fact]
    public async Task A_contender_of_two_rows_is_measured_once_a_round()
    {
        var shared = Gives("shared", 1, 1, 1, 1);

        await RunAsync(
            new Row("a", "a", Gives("a", 1, 1, 1, 1), new Comparison(shared)),
            new Row("b", "b", Gives("b", 1, 1, 1, 1), new Comparison(shared)));

        Assert.Equal(4, _measured.Count(name => name == "shared"));
    }

    [Theory]
    [InlineData(5.0, 1.9, true)]
    [InlineData(4.9, 1.9, false)]
    [InlineData(5.0, 2.1, false)]
    public void A_target_is_met_by_ratio_and_lag_together(double ratio, double lagSeconds, bool isMet) => Assert.Equal(
        isMet,
        (Target.Times(5) with { LagMax = TimeSpan.FromSeconds(2) }).IsMetBy(ratio, TimeSpan.FromSeconds(lagSeconds)));

    [Fact]
    public void Every_row_has_a_name_of_its_own()
    {
        var names = Bench.RowsOf(BenchOptions.Full).Select(row => row.Name).ToList();

        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [InlineData("sqlite-1", new[] { "sqlite-1" })]
    [InlineData("sqlite-1", new[] { "sqlite-1", "status" }, "status")]
    [InlineData("FOLD", new[] { "fold", "fold-proven" })]
    [InlineData("nothing", new string[0])]
    public void A_name_chooses_its_row_and_a_part_of_names_all_of_them(
        string name, string[] expected, params string[] others) => Assert.Equal(
        expected.Order(),
        Bench.RowsOf(BenchOptions.Full with { Only = [name, .. others] }).Select(row => row.Name).Order());

    private Task<IReadOnlyList<RowResult>> RunAsync(params Row[] rows) =>
        StageRun.RunAsync(new Prepared(rows, null), rows, Options, _ => { }, CancellationToken.None);

    private Contender Gives(string name, params double[] values)
    {
        var next = new Queue<double>(values);
        return new(name, "units", (_, _) =>
        {
            _measured.Add(name);
            return Task.FromResult(new Sample(next.Dequeue()));
        });
    }

    private static Contender Fails(string name, string reason) =>
        new(name, "units", (_, _) => throw new InvalidOperationException(reason));

    private sealed class Prepared(IReadOnlyList<Row> rows, string? failure) : Stage
    {
        public override IReadOnlyList<Row> Rows => rows;

        public override Task PrepareAsync(IReadOnlyList<Row> chosen, CancellationToken cancel) =>
            failure is null ? Task.CompletedTask : throw new InvalidOperationException(failure);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
