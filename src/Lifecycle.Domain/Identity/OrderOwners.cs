using System.Collections.Immutable;
using Lifecycle.Domain.Entries;

namespace Lifecycle.Domain.Identity;

/// <summary>
/// Whose the orders of one journal are. An order is of the id that it was placed for; but what came for the ids under
/// an alias stays with that alias when it is taken out, also where such an id leaves it later on. So it is of the
/// alias through which the id led here.
/// </summary>
public sealed class OrderOwners
{
    private readonly Dictionary<Hash16, Hash16> _into = [];

    /// <summary>The next entry of the journal, oldest first.</summary>
    public void Take(Entry entry)
    {
        foreach (var effect in entry.Effects)
        {
            switch (effect)
            {
                case Effect.Joined joined:
                    Add(joined.Part.Members);
                    _into[joined.From] = joined.Into;
                    break;
                case Effect.Split split:
                    _into.Remove(split.Alias);
                    foreach (var member in split.Goes.Members) _into.Remove(member.Key);
                    break;
                case Effect.Left:
                    _into.Clear();
                    break;
                case Effect.Rejoined rejoined:
                    _into.Clear();
                    Add(rejoined.Part.Members);
                    break;
            }
        }
    }

    /// <summary>Whose an order is that the entry taken last placed; null for the journal's own.</summary>
    public Hash16? OwnerOf(Entry entry)
    {
        if (entry.Addressed is not { } owner) return null;
        // At most so many steps: a chain has each alias once.
        for (var steps = _into.Count; steps > 0; steps--)
        {
            if (!_into.TryGetValue(owner, out var into) || !_into.ContainsKey(into)) break;
            owner = into;
        }

        return owner;
    }

    private void Add(ImmutableArray<Member> members)
    {
        foreach (var member in members) _into[member.Key] = member.Into;
    }
}
