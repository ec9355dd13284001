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
    private const string MergeV1 =
        "01030000000000000007000000000000000803010b000000000000000100000000000000028090f48a89e8a3060102040608" +
        "0a0c0e1012140116181a1c011e202224010000000000000013282a2c2e30320134000000000000001b000000000000001c3a" +
        "3c3e404244010146010000000000000024000000000000002501000000000000002600000000000000275002000000000000" +
        "0001520000000000000000025401000000000000002b000000000000002ca801aa01015a5c5e606264404980000000000002" +
        "686a6c6e70727476787c7e800182018401860188018a018c0192019401960198019a019c019e01a001a60101000000000000" +
        "0035000000000000000100000000000000350000000000000002ac01ae010100000000000000350000000000000003b0010b" +
        "0e10034e65779290f48a89e8a306000000000000000400000000000000050407636f6d6d616e64036d2d3100000000000000" +
        "010000000000000002";

    private const string JoinV1 =
        "01030000000000000007000000000000000803010c000000000000000300000000000000040a000000000000000100000000" +
        "000000028090f48a89e8a306010000000000000000000a000000000000000000000000000000000000000000000000000000" +
        "00000100000000000000010000000000000002000000000000000300000000000000040a0c000b0e10034e65779290f48a89" +
        "e8a306000000000000000400000000000000050500276a6f696e3a3030303030303030303030303030303330303030303030" +
        "3030303030303030343a35000000000000000300000000000000040a";

    private const string UnmergeV1 =
        "01030000000000000007000000000000000803010d000000000000000300000000000000048090f48a89e8a3060100000000" +
        "00000000000a0000000000000000000000000000000000000000000000000000000000010000000000000001000000000000" +
        "0002000000000000000300000000000000040a0c000100000000000000000000000000000000000000000000000000000000" +
        "000000000000000000000000000b0e10034e65779290f48a89e8a306000000000000000400000000000000050607636f6d6d" +
        "616e6403752d3100000000000000030000000000000004";

    private const string RejoinV1 =
        "01030000000000000007000000000000000803010e00000000000000010000000000000002128090f48a89e8a30601000000" +
        "0000000000000a00000000000000000000000000000000000000000000000000000000000100000000000000010000000000" +
        "000002000000000000000300000000000000040a0c0100000000000000010000000000000002120b0e10034e65779290f48a" +
        "89e8a3060000000000000004000000000000000507002972656a6f696e3a3030303030303030303030303030303130303030" +
        "3030303030303030303030323a390000000000000001000000000000000212";

    private const string SettleV1 =
        "01030000000000000007000000000000000803010f120b0e10034e65779290f48a89e8a30600000000000000040000000000" +
        "000005080008736574746c653a3912";

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
