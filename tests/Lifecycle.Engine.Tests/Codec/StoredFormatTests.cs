using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Engine.Codec;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Engine.Tests.Codec;

/// <summary>
/// Bytes as each version of the format wrote them. A line that is here is never changed and never removed: every version
/// ever written stays readable.
/// </summary>
public sealed class StoredFormatTests
{
    private const string OrderV1 = "";
    private const string ReturnV1 = "";
    private const string RefusedV1 = "";
    private const string TickV1 = "";

    /// <summary>States are a cache: only the present version is read, and this is what it looks like.</summary>
    private const string StateHash = "";

    [Fact]
    public void Entries_of_version_1_are_what_they_were()
    {
        var written = History().Entries.Select(entry => Convert.ToHexStringLower(CodecProperties.RowOf(entry).Body.Span));
        Assert.Equal([OrderV1, TickV1, RefusedV1, ReturnV1], written);
    }

    [Fact]
    public void Entries_of_version_1_are_readable()
    {
        var history = History();
        var state = CustomerState.Empty;
        foreach (var (entry, stored) in history.Entries.Zip([OrderV1, TickV1, RefusedV1, ReturnV1]))
        {
            var row = CodecProperties.RowOf(entry) with { Body = Convert.FromHexString(stored) };
            var read = EntryCodec.Decode(row);
            Assert.Equal(entry.Input.TypeName, read.Input.TypeName);
            Assert.Equal(entry.After, read.After);
            Assert.Equal(entry.Effects.Length, read.Effects.Length);
            state = Evolver.Evolve(state, read);
        }

        Assert.Equal(86, state.Balances.Of(Domain.Points.Account.Available));
        Assert.Equal(StateCodec.HashOf(history.State), StateCodec.HashOf(state));
    }

    [Fact]
    public void The_same_history_has_the_same_state_hash_on_every_machine() =>
        Assert.Equal(StateHash, StateCodec.HashOf(History().State).ToString());

    [Fact]
    public void Another_version_is_refused_by_name()
    {
        var row = CodecProperties.RowOf(EffectCodecTests.EntryWith());
        var next = row.Body.ToArray();
        next[0]++;
        Assert.Contains("format 2", Assert.Throws<CodecException>(() => EntryCodec.Decode(row with { Body = next })).Message,
            StringComparison.Ordinal);
        Assert.Throws<CodecException>(() => StateCodec.Decode([9]));
    }

    private static Journey History()
    {
        var journey = new Journey(Retail.Default);
        journey.Take(Order("o-1", Start, 12_900, Line("A", 3, 12_900, "tea")));
        journey.Refuse(Redeem(1_000, Day(20)));
        journey.Take(ReturnLines("o-1", Day(21), Line("A", 1, 4_300)));
        return journey;
    }
}
