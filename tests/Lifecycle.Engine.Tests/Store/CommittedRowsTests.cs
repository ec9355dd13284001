using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Engine.Tests.Store;

/// <summary>Only a row that is the last one committed, with its hash and of this life, needs no look-up.</summary>
public sealed class CommittedRowsTests
{
    private readonly CommittedRows _known = new();

    [Fact]
    public void What_builds_on_the_last_row_is_known_and_nothing_else()
    {
        _known.Keep([.. Rows("ann", 1, 3), .. Rows("bob", 1, 1)], _known.Life);
        Assert.Empty(_known.Unknown([Row("ann", 4), Row("bob", 2), Row("new", 1)]));
        var strange = new[] { Row("ann", 3), Row("ann", 5), Row("ann", 4, "other"), Row("bob", 3), Row("cat", 2) };
        Assert.Equal(strange, _known.Unknown(strange));
    }

    [Fact]
    public void What_was_forgotten_is_unknown_and_so_is_what_was_committed_before()
    {
        var life = _known.Life;
        _known.Keep(Rows("ann", 1, 3), life);
        _known.Forget();
        Assert.Single(_known.Unknown([Row("ann", 4)]));
        _known.Keep(Rows("ann", 1, 3), life);
        Assert.Single(_known.Unknown([Row("ann", 4)]));
        _known.Keep(Rows("ann", 1, 3), _known.Life);
        Assert.Empty(_known.Unknown([Row("ann", 4)]));
    }

    [Fact]
    public void Customers_with_one_place_are_never_taken_for_each_other()
    {
        // So many that some share a place.
        const int Others = 15_000;
        var rows = Enumerable.Range(0, 3_000).Select(i => Row($"c{i}", 1)).ToArray();
        _known.Keep(rows, _known.Life);
        var others = Enumerable.Range(0, Others).Select(i => Row($"d{i}", 2));
        Assert.Equal(Others, _known.Unknown(others).Count);
        Assert.InRange(_known.Unknown(rows.Select((_, i) => Row($"c{i}", 2))).Count, 0, 30);
    }
}
