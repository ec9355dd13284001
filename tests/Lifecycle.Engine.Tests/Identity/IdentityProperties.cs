using FsCheck.Fluent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Identity;

/// <summary>
/// Whatever is merged, sent, sent again, taken back and interrupted: every person has what was sent to their ids, and
/// no point, order or visit comes or goes by a merge.
/// </summary>
public sealed class IdentityProperties
{
    private static readonly string[] Ids = ["ann", "ann@x", "tel", "card", "bob"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_person_has_what_was_sent_to_their_ids()
    {
        foreach (var seed in Gen.Choose(0, int.MaxValue).Sample(12).Concat([303_982_288, 1_118_163_370, 307_797_380]))
        {
            try
            {
                await PlayAsync(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
    }

    [Fact]
    public async Task The_past_is_what_was_seen_then_whoever_is_merged_since()
    {
        foreach (var seed in Gen.Choose(0, int.MaxValue).Sample(2))
        {
            try
            {
                await RememberAsync(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
    }

    private static async Task RememberAsync(Random random)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var people = new People();
        var seen = new List<(string Id, PointInTime When, string View)>();
        for (var step = 0; step < 60; step++)
        {
            await StepAsync(fixture, people, random, step);
            if (step % 6 > 0) continue;
            var now = Instant.From(fixture.Clock.GetUtcNow());
            foreach (var id in people.Known)
            {
                if (await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel) is { } view)
                    seen.Add((id, new(now, now), Text(view)));
            }

            await fixture.AdvanceAsync(TimeSpan.FromHours(random.Next(1, 30)));
        }

        foreach (var (id, when, text) in seen)
        {
            var then = await fixture.Customers.ViewAsync(id, when, Cancel);
            Assert.Equal(text, then is null ? "" : Text(then));
            await ExplainsAsync(fixture, id, when);
            await ExplainsAsync(fixture, id, when with { KnownAt = null });
        }

        static string Text(CustomerView view) =>
            $"{view.Customer} {string.Join(",", view.Aliases)} {view.Version}\n{Seen.Text(view)}";
    }

    private static async Task ExplainsAsync(EngineFixture fixture, string id, PointInTime when)
    {
        if (await fixture.Customers.ViewAsync(id, when, Cancel) is not { } view) return;
        foreach (var fact in People.Facts.Where(fact => fact != "adjusted"))
            Assert.True(People.Seen(view, fact) >= 0, $"{id} had {People.Seen(view, fact)} {fact} at {when}.");
        foreach (var field in Explainer.Fields)
        {
            var path = field.Replace("[n]", "[0]", StringComparison.Ordinal);
            var found = await fixture.Customers.ExplainAsync(id, path, when, 5, Cancel);
            var member = Seen.Member(view, path);
            Assert.True(
                member == (found!.Value, found.Text),
                $"{path} of {id} at {when} is {member}, explained {found.Value} {found.Text}.");
        }
    }

    private static async Task PlayAsync(Random random)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var people = new People();
        for (var step = 0; step < 60; step++)
        {
            await StepAsync(fixture, people, random, step);
            if (step % 5 == 0 || step == 59) await CheckAsync(fixture, people);
        }

        await fixture.VerifyAsync();
    }

    private static async Task StepAsync(EngineFixture fixture, People people, Random random, int step)
    {
        var id = Ids[random.Next(Ids.Length)];
        var now = Instant.From(fixture.Clock.GetUtcNow());
        switch (random.Next(20))
        {
            case 0 or 1 when people.Known.Count > 1:
                await MergeAsync(fixture, people, id, people.Known.ElementAt(random.Next(people.Known.Count)), step);
                break;
            case 2 when people.AliasesOf(people.RootOf(id)).ToArray() is { Length: > 0 } aliases:
                await UnmergeAsync(fixture, people, id, aliases[random.Next(aliases.Length)], step);
                break;
            case 3 or 4 or 5 when people.Taken.Count > 0:
                await AgainAsync(fixture, people, random);
                break;
            case 6 or 7 or 8:
                await fixture.AdvanceAsync(TimeSpan.FromDays(random.Next(1, 90)));
                break;
            case 9:
                await fixture.ReopenAsync();
                break;
            default:
                await SendAsync(fixture, people, id, InputOf(random, people, step, now));
                break;
        }
    }

    private static Input InputOf(Random random, People people, int step, Instant now)
    {
        var past = now.PlusDays(-random.Next(0, 30));
        var orders = people.Taken.Where(t => t.Input.TypeName == EventTypes.OrderPlaced).Select(t => t.Input).ToArray();
        var order = orders.Length == 0 ? "none" : orders[random.Next(orders.Length)].Id["placed-".Length..];
        return random.Next(9) switch
        {
            0 or 1 or 2 or 3 => Some.Order(
                $"o-{step}", past, random.Next(500, 30_000), ("A", random.Next(1, 4), 300), ("B", 1, 200)),
            4 => Some.Return($"t-{step}", now, order, random.Next(100, 20_000)),
            5 => Some.Return($"t-{step}", now, null, null, ("A", random.Next(1, 3), 300)),
            6 => Some.Redeem($"r-{step}", now, random.Next(1, 250)),
            7 => Some.Adjust($"a-{step}", now, random.Next(1, 90)),
            _ => Some.Visit($"v-{step}", past),
        };
    }

    private static async Task SendAsync(EngineFixture fixture, People people, string id, Input input)
    {
        var before = people.Known.Contains(id) ? await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel) : null;
        var outcome = await fixture.SendAsync(id, input);
        if (outcome is not Outcome.Accepted accepted) return;
        Assert.False(accepted.Replayed);
        if (people.Known.Contains(id))
            Assert.Equal(people.RootOf(id), accepted.Receipt.Customer ?? id);
        people.Take(id, input, accepted.Receipt);
        Assert.True(before is null || accepted.Receipt.Version > before.Version);
    }

    /// <summary>An old input, under the id it was sent to or any other of the same person.</summary>
    private static async Task AgainAsync(EngineFixture fixture, People people, Random random)
    {
        var (first, input) = people.Taken[random.Next(people.Taken.Count)];
        var ids = people.Known.Where(id => people.RootOf(id) == people.RootOf(first)).ToArray();
        var id = ids[random.Next(ids.Length)];
        var before = await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel);
        var again = Assert.IsType<Outcome.Accepted>(await fixture.SendAsync(id, input));
        Assert.True(again.Replayed, $"{input.Id} of {first} counted again under {id}.");
        var after = await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel);
        Assert.Equal(Seen.Text(before!), Seen.Text(after!));
    }

    private static async Task MergeAsync(
        EngineFixture fixture, People people, string into, string from, int step)
    {
        if (into == from) return;
        var before = await SumAsync(fixture, people);
        var one = people.Known.Contains(into) && people.RootOf(into) == people.RootOf(from);
        var outcome = Assert.IsType<Outcome.Accepted>(await fixture.Customers.MergeAsync(
            into, from, new("test", $"merge-{step}", Instant.From(fixture.Clock.GetUtcNow())), Cancel));
        Assert.Equal(one, outcome.Replayed);
        people.Merge(into, from);
        if (!one) people.Count(into, outcome.Receipt);
        // A return can meet its order by a merge.
        if (outcome.Receipt.Effects.Any(effect => effect is Effect.ReturnReleased)) return;
        Assert.Equal(before, await SumAsync(fixture, people));
    }

    private static async Task UnmergeAsync(
        EngineFixture fixture, People people, string id, string alias, int step)
    {
        var before = await SumAsync(fixture, people);
        Assert.IsType<Outcome.Accepted>(await fixture.Customers.UnmergeAsync(
            id, alias, new("test", $"unmerge-{step}", Instant.From(fixture.Clock.GetUtcNow())), Cancel));
        people.Unmerge(alias);
        Assert.Equal(before, await SumAsync(fixture, people));
    }

    /// <summary>Everything that all customers together have.</summary>
    private static async Task<string> SumAsync(EngineFixture fixture, People people)
    {
        var sums = new SortedDictionary<string, long>();
        foreach (var root in people.Roots)
        {
            if (await fixture.Customers.ViewAsync(root, PointInTime.Now, Cancel) is not { } view) continue;
            foreach (var field in Explainer.Fields.Where(IsSum))
                sums[field] = sums.GetValueOrDefault(field) + (long)Seen.Member(view, field).Number!.Value;
            sums["unmatched"] = sums.GetValueOrDefault("unmatched") + view.Metrics.UnmatchedReturns;
            sums["unmatched_minor"] = sums.GetValueOrDefault("unmatched_minor") + view.Metrics.UnmatchedReturnMinor;
        }

        return string.Join("\n", sums.Select(sum => $"{sum.Key} {sum.Value}"));
    }

    private static bool IsSum(string field) =>
        field.StartsWith("metrics.windows.", StringComparison.Ordinal) ||
        field.StartsWith("points.lifetime.", StringComparison.Ordinal) ||
        field is "points.available" or "points.pending" or "points.held" or "metrics.referrals";

    private static async Task CheckAsync(EngineFixture fixture, People people)
    {
        foreach (var id in people.Known)
        {
            var root = people.RootOf(id);
            var view = await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel);
            if (view is null) continue;
            Assert.Equal(root, view.Customer ?? id);
            Assert.Equal(
                people.Known.Where(other => other != root && people.RootOf(other) == root).Order(), view.Aliases.Order());
            foreach (var fact in People.Facts)
                Assert.True(
                    people.Of(root, fact) == People.Seen(view, fact),
                    $"{root} has {People.Seen(view, fact)} {fact} and not {people.Of(root, fact)}.");
            foreach (var field in Explainer.Fields)
            {
                var path = field.Replace("[n]", "[0]", StringComparison.Ordinal);
                var found = await fixture.Customers.ExplainAsync(id, path, PointInTime.Now, 5, Cancel);
                var seen = Seen.Member(view, path);
                Assert.True(
                    seen == (found!.Value, found.Text), $"{path} of {id} is {seen}, explained {found.Value} {found.Text}.");
            }
        }
    }
}
