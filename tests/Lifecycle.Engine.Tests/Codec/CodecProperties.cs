using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Codec;

/// <summary>What is stored is what was.</summary>
public sealed class CodecProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(100);

    public static TheoryData<string> Names => [.. ShippedPrograms.Names, "restless"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_replay_of_the_stored_entries_is_the_live_state_byte_for_byte(string program) =>
        Prop.ForAll(Step.Histories(50), steps =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            var replayed = journey.Entries.Select(entry => EntryCodec.Decode(RowOf(entry)))
                .Aggregate(CustomerState.Empty, Evolver.Evolve);
            Assert.Equal(Hex(journey.State), Hex(replayed));
            Assert.Equal(StateCodec.HashOf(journey.State), StateCodec.HashOf(replayed));
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void An_entry_read_back_is_stored_as_the_same_bytes(string program) =>
        Prop.ForAll(Step.Histories(25), steps =>
        {
            foreach (var entry in Step.Play(new(Named(program)), steps).Entries)
            {
                var row = RowOf(entry);
                Assert.Equal(Hex(row.Body), Hex(RowOf(EntryCodec.Decode(row)).Body));
            }
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_read_back_is_the_same_and_goes_on_the_same(string program) =>
        Prop.ForAll(Step.Histories(25), Step.Histories(5), (steps, more) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            var state = StateCodec.Decode(StateCodec.Encode(journey.State));
            Assert.Equal(Hex(journey.State), Hex(state));
            var before = journey.Entries.Count;
            Step.Play(journey, more);
            Assert.Equal(Hex(journey.State), Hex(journey.Entries.Skip(before).Aggregate(state, Evolver.Evolve)));
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_head_that_was_packed_is_the_same(string program) =>
        Prop.ForAll(Step.Histories(25), steps =>
        {
            var head = Head.Empty;
            foreach (var entry in Step.Play(new(Named(program)), steps).Entries)
                head = head.Append(entry, Chain.HashOf(RowOf(entry)), 1_000 * entry.Seq);
            var packed = SnapshotCodec.Pack(head);
            var unpacked = SnapshotCodec.Unpack(packed);
            Assert.Equal(Hex(head.State), Hex(unpacked.State));
            Assert.Equal(head.Recent.Keys, unpacked.Recent.Keys);
            Assert.Equal(head.Recent.EvictedUntil, unpacked.Recent.EvictedUntil);
            // And all that it has beside the two.
            Assert.Equal(head with { State = unpacked.State, Recent = unpacked.Recent }, unpacked);
            Assert.Equal(Hex(packed), Hex(SnapshotCodec.Pack(unpacked)));
            var key = new CustomerKey(Hash16.Zero);
            Assert.Equal(Hex(SnapshotCodec.Encode(key, head)), Hex(SnapshotCodec.Encode(key, unpacked)));
        }).Check(Many);

    [Fact]
    public void Bytes_that_are_cut_or_changed_are_an_entry_or_a_codec_exception_but_nothing_else()
    {
        var journey = Step.Play(new(Retail.Restless), [new(3, 5, 77, 501), new(13, 6, 7, 501), new(3, 7, 99, 1_000)]);
        var (row, state) = (RowOf(journey.Entries[0]), StateCodec.Encode(journey.State));
        for (var length = 0; length < row.Body.Length; length++)
            Assert.Throws<CodecException>(() => EntryCodec.Decode(row with { Body = row.Body[..length] }));
        for (var length = 0; length < state.Length; length++)
            Assert.Throws<CodecException>(() => StateCodec.Decode(state.AsSpan(0, length)));
        Prop.ForAll(Gen.Choose(0, 100_000).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (place, change) =>
        {
            ReadOrRefuse(row.Body.ToArray(), place, change, bytes => EntryCodec.Decode(row with { Body = bytes }));
            ReadOrRefuse([.. state], place, change, bytes => StateCodec.Decode(bytes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static void ReadOrRefuse(byte[] bytes, int place, int change, Action<byte[]> read)
    {
        bytes[place % bytes.Length] ^= (byte)change;
        try
        {
            read(bytes);
        }
        catch (CodecException)
        {
            // As the contract says.
        }
    }

    internal static JournalRow RowOf(Entry entry) => new(
        new(Hash16.Zero), entry.Seq, entry.EventKey, entry.OccurredAt, entry.RecordedAt, entry.At, Hash16.Zero,
        Hash16.Zero, EntryCodec.Encode(entry, null, default));

    private static string Hex(CustomerState state) => Hex(StateCodec.Encode(state));

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    private static Program Named(string name) => name == "restless"
        ? Retail.Restless
        : ProgramDocument.Parse(ShippedPrograms.Read(name), 1).Program!;
}
