using FsCheck.Fluent;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>A key that was added is never taken for a new one, whenever it grew.</summary>
public sealed class SeenKeysTests
{
    [Fact]
    public void What_was_added_is_here_or_may_have_been_forgotten()
    {
        foreach (var seed in Gen.Choose(0, int.MaxValue).Sample(50))
        {
            var random = new Random(seed);
            var recent = Enumerable.Range(0, 8).Select(_ => Any(random)).ToArray();
            var seen = new SeenKeys(new([.. recent.Select(k => new RecentKey(k.Key, 1, k.At))], At(random)));
            var added = recent.ToList();
            for (var i = 0; i < 3_000; i++)
            {
                var (key, at) = Any(random);
                seen.Add(key, at);
                added.Add((key, at));
                if (random.Next(100) == 0) seen.Grow();
                if (i % 50 != 0) continue;
                foreach (var (old, then) in added)
                    Assert.True(seen.Has(old) || seen.MayHaveForgotten(then), $"Seed {seed}.");
            }
        }
    }

    [Fact]
    public void While_it_has_room_nothing_is_forgotten()
    {
        var random = new Random(3);
        var seen = new SeenKeys(RecentKeys.None);
        var added = new List<(Hash16 Key, Instant At)>();
        for (var i = 0; i < 1_024; i++)
        {
            if (i is 64 or 128 or 256 or 512) seen.Grow();
            added.Add(Any(random));
            seen.Add(added[^1].Key, added[^1].At);
        }

        Assert.All(added, k => Assert.True(seen.Has(k.Key)));
        Assert.All(added, k => Assert.False(seen.MayHaveForgotten(k.At)));
        Assert.False(seen.Has(Any(random).Key));
        seen.Grow();
        seen.Add(Any(random).Key, At(random));
        Assert.False(seen.Has(added[0].Key));
        Assert.True(seen.MayHaveForgotten(added[0].At));
    }

    private static (Hash16 Key, Instant At) Any(Random random)
    {
        var bytes = new byte[Hash16.Size];
        random.NextBytes(bytes);
        return (Hash16.Read(bytes), At(random));
    }

    private static Instant At(Random random) =>
        Instant.From(DateTimeOffset.UnixEpoch).Plus(random.NextInt64(1, 1_000_000_000));
}
