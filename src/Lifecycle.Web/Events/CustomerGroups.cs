using Lifecycle.Engine;

namespace Lifecycle.Web.Events;

/// <summary>The events of a request that have no problem, by customer, each in the order they were sent.</summary>
internal sealed class CustomerGroups
{
    private const int None = -1;

    private readonly EventOutcome[] _events;

    /// <summary>By customer: the first event, and the group's place among the inputs.</summary>
    private readonly Dictionary<string, (int First, int Place)> _groups;

    /// <summary>By event: the next one of the same customer.</summary>
    private readonly int[] _next;

    public CustomerGroups(EventOutcome[] events)
    {
        _events = events;
        _next = new int[events.Length];
        _groups = new(events.Length);
        var groups = new List<(int First, int Last, int Count)>(events.Length);
        for (var i = 0; i < events.Length; i++)
        {
            _next[i] = None;
            if (events[i].Problem is not null) continue;
            if (_groups.TryAdd(events[i].Read.Customer!, (i, groups.Count)))
            {
                groups.Add((i, i, 1));
                continue;
            }

            var place = _groups[events[i].Read.Customer!].Place;
            var (first, last, count) = groups[place];
            _next[last] = i;
            groups[place] = (first, i, count + 1);
        }

        Inputs = new CustomerInputs[groups.Count];
        for (var i = 0; i < Inputs.Length; i++) Inputs[i] = InputsOf(groups[i].First, groups[i].Count);
    }

    /// <summary>One for each customer, in the order of their first events.</summary>
    public CustomerInputs[] Inputs { get; }

    public IEnumerable<EventOutcome> EventsOf(string customer)
    {
        for (var i = _groups[customer].First; i != None; i = _next[i]) yield return _events[i];
    }

    private CustomerInputs InputsOf(int first, int count)
    {
        var deliveries = new Delivery[count];
        var at = first;
        for (var i = 0; i < count; i++, at = _next[at])
        {
            var (read, historical) = (_events[at].Read, _events[at].Historical);
            deliveries[i] = new(read.Event!, historical, TimeAssigned: read.TimeAssigned, ClaimedAt: read.ClaimedAt);
        }

        return new(_events[first].Read.Customer!, deliveries);
    }
}
