using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

internal sealed class MemoryQuarantine(MemoryDisk disk, Weather weather) : IQuarantine
{
    public Task AddAsync(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel) => MeetAsync(
        StoreCall.Register,
        kept =>
        {
            foreach (var item in items)
            {
                var index = kept.FindIndex(other => other.Key == item.Key);
                if (index < 0) kept.Add(item with { Id = kept.Count + 1 });
                else kept[index] = kept[index] with { Times = kept[index].Times + 1 };
            }

            return true;
        },
        cancel);

    public Task<QuarantineSums> SumAsync(QuarantineFilter filter, int rowsMax, CancellationToken cancel) => MeetAsync(
        StoreCall.Read,
        kept =>
        {
            var named = kept.Where(item => Is(filter, item)).ToArray();
            return new QuarantineSums(
                named.Length, named.Sum(item => item.Times),
                [
                    .. named.GroupBy(item => (item.Source, item.Reason))
                        .Select(g => new QuarantineCount(g.Key.Source, g.Key.Reason, g.Count(), g.Sum(i => i.Times)))
                        .OrderByDescending(c => c.Times).ThenBy(c => c.Source, StringComparer.Ordinal)
                        .ThenBy(c => c.Reason, StringComparer.Ordinal).Take(rowsMax),
                ],
                [
                    .. named.GroupBy(item => item.ReceivedAt.StartOfDay())
                        .Select(g => new QuarantineDay(g.Key, g.Count(), g.Sum(i => i.Times)))
                        .OrderByDescending(day => day.Day).Take(rowsMax),
                ]);
        },
        cancel);

    public Task<IReadOnlyList<QuarantinedItem>> ReadAsync(
        QuarantineFilter filter, long afterId, int limit, CancellationToken cancel) =>
        MeetAsync<IReadOnlyList<QuarantinedItem>>(
            StoreCall.Read,
            kept => [.. kept.Where(item => item.Id > afterId && Is(filter, item)).Take(limit)], cancel);

    public Task<QuarantinedItem?> FindAsync(long id, CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, kept => kept.Find(item => item.Id == id), cancel);

    public Task<int> SettleAsync(
        IReadOnlyList<long> resolved, QuarantineResolution resolution, IReadOnlyList<QuarantineFailure> failed,
        CancellationToken cancel) => MeetAsync(
            StoreCall.Register,
            kept =>
            {
                var count = 0;
                for (var i = 0; i < kept.Count; i++)
                {
                    if (kept[i].Resolution is not null) continue;
                    if (resolved.Contains(kept[i].Id))
                    {
                        kept[i] = kept[i] with { Resolution = resolution };
                        count++;
                    }
                    else if (failed.FirstOrDefault(failure => failure.Id == kept[i].Id) is { } failure)
                    {
                        kept[i] = kept[i] with { Reason = failure.Reason, Detail = failure.Detail };
                    }
                }

                return count;
            },
            cancel);

    private static bool Is(QuarantineFilter filter, QuarantinedItem item) =>
        (filter.Source is null || item.Source == filter.Source) &&
        (filter.Reason is null || item.Reason == filter.Reason) &&
        (filter.Day is not { } day || item.ReceivedAt.StartOfDay() == day) &&
        (filter.Waits is not { } waits || item.Resolution is null == waits);

    private Task<T> MeetAsync<T>(StoreCall call, Func<List<QuarantinedItem>, T> act, CancellationToken cancel) =>
        weather.MeetAsync(
            call,
            () =>
            {
                lock (disk) return act(disk.Quarantined);
            },
            cancel);
}
