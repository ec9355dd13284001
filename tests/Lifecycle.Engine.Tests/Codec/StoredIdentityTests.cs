using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Codec;

/// <summary>The bytes of merges as the first version of parts wrote them. What is here is never changed.</summary>
public sealed class StoredIdentityTests
{
    private const string MergeV1 = "";
    private const string JoinV1 = "";
    private const string UnmergeV1 = "";
    private const string RejoinV1 = "";
    private const string SettleV1 = "";

    private static readonly Part Small = Part.Empty with { Debt = 5, Members = [new(new(1, 2), new(3, 4), 5, new(6))] };

    public static TheoryData<string, string> Stored => new()
    {
        { "customer.merge", MergeV1 }, { "customer.join", JoinV1 }, { "customer.unmerge", UnmergeV1 },
        { "customer.rejoin", RejoinV1 }, { "customer.settle", SettleV1 },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Entries_of_merges_say_what_they_said(string type, string stored)
    {
        var (input, effect) = Of(type);
        var entry = EffectCodecTests.EntryWith(effect) with
        {
            Input = input, OccurredAt = input.OccurredAt, EventKey = new(1, 1), Addressed = new(7, 8),
        };
        var written = Hex(EntryCodec.Encode(entry, new CustomerKey(new(7, 8)), default));
        Assert.True(stored == written, $"{type} is written as {written}");
        var row = CodecProperties.RowOf(entry) with { Body = Convert.FromHexString(stored) };
        var read = EntryCodec.Decode(row);

        Assert.Equal(type, read.Input.TypeName);
        Assert.Equal(input, read.Input);
        Assert.Equal(new Hash16(7, 8), read.Addressed);
        Assert.Equal(stored, Hex(EntryCodec.Encode(read, new CustomerKey(read.Addressed!.Value), default)));
    }

    private static (Input, Effect) Of(string type) => type switch
    {
        "customer.merge" => (
            new Input.Merge(new(1, 2)) { Source = "command", Id = "m-1", OccurredAt = Sample.Start },
            new Effect.Left(new(1, 2), Sample.Start, EffectCodecTests.SomePart(1))),
        "customer.join" => (
            Input.Join.Of(new(3, 4), 5, Sample.Start),
            new Effect.Joined(new(3, 4), 5, new(1, 2), Sample.Start, Small)),
        "customer.unmerge" => (
            new Input.Unmerge(new(3, 4)) { Source = "command", Id = "u-1", OccurredAt = Sample.Start },
            new Effect.Split(new(3, 4), Sample.Start, Small, Part.Empty)),
        "customer.rejoin" => (
            Input.Rejoin.Of(new(1, 2), 9, Sample.Start),
            new Effect.Rejoined(new(1, 2), 9, Sample.Start, Small with { Formers = [new(new(1, 2), 9)] })),
        _ => (Input.Settle.Of(9, Sample.Start), new Effect.Settled(9)),
    };

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
