using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Engine.Ingest;

/// <summary>The declared fields of an event type, ready to be compared with what is in a body.</summary>
internal sealed record TypeSchema(string Type, ImmutableArray<DeclaredField> Fields, bool HasItems)
{
    private static readonly FrozenDictionary<string, TypeSchema> BuiltIn = EventSchema.Types.ToFrozenDictionary(
        pair => pair.Key,
        pair => new TypeSchema(
            pair.Key, [.. pair.Value.Select(f => new DeclaredField(f, Encoding.UTF8.GetBytes(f.Name)))],
            EventSchema.HasItems(pair.Key)));

    /// <summary>A type that is not built in declares nothing: its data is sealed whole.</summary>
    public static TypeSchema Of(string type) => BuiltIn.GetValueOrDefault(type) ?? new(type, [], false);
}

internal sealed record DeclaredField(Field Field, byte[] Name);
