using System.Text.Json.Nodes;
using Lifecycle.Domain.Entries;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Entries;

/// <summary>A customer's history, newest first.</summary>
/// <param name="Version">The customer's last <c>seq</c>, not this page's.</param>
/// <param name="Entries">Newest first.</param>
/// <param name="NextCursor">For the next page; null on the last.</param>
public sealed record EntriesWire(string Customer, long Version, IReadOnlyList<EntryWire> Entries, string? NextCursor)
    : IVersioned<EntriesWire>
{
    public EntriesWire WithoutInstant() => this;
}

/// <summary>One fact of a customer's history: an input and what followed from it.</summary>
/// <param name="Type">The input's type.</param>
/// <param name="Source">The channel or system that sent the input; empty for a tick.</param>
/// <param name="Id">The input's id; empty for a tick.</param>
/// <param name="At">The instant it was decided for.</param>
/// <param name="Data">The public data of the input. Private data is sealed and not shown.</param>
public sealed record EntryWire(
    long Seq, string Type, string Source, string Id, DateTime? OccurredAt, DateTime? RecordedAt, DateTime? At,
    bool Historical, int ProgramVersion, JsonObject Data, IReadOnlyList<EffectWire> Effects, AfterWire After)
{
    public static EntryWire Of(Entry entry) => new(
        entry.Seq, entry.Input.TypeName, entry.Input.Source, entry.Input.Id, entry.OccurredAt.ToWire(),
        entry.RecordedAt.ToWire(), entry.At.ToWire(), entry.Historical, entry.ProgramVersion, InputData.Of(entry.Input),
        [.. entry.Effects.Select(EffectWire.Of)],
        new(entry.After.Available, entry.After.Pending, entry.After.Held, entry.After.Stage,
            entry.After.NextChangeAt.ToWire()));
}

/// <summary>What the receipt said.</summary>
public sealed record AfterWire(long Available, long Pending, long Held, string Stage, DateTime? NextChangeAt);
