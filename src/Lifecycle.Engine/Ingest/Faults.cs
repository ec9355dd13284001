namespace Lifecycle.Engine.Ingest;

/// <summary>
/// What is wrong with one event, in the order it was found. The first fault gives the reason, but an event that belongs
/// to nobody is that before anything else.
/// </summary>
public sealed class Faults
{
    /// <summary>Places that one problem names.</summary>
    public const int Max = 20;

    private readonly List<(string Reason, string Pointer, string Message)> _all = [];

    public bool Any => _all.Count > 0;

    public void Clear() => _all.Clear();

    public void Add(string reason, string pointer, string message)
    {
        if (reason == QuarantineReasons.MissingCustomer) _all.Insert(0, (reason, pointer, message));
        else if (_all.Count < Max) _all.Add((reason, pointer, message));
    }

    internal void Add(string reason, Place place, string message)
    {
        if (_all.Count < Max) _all.Add((reason, place.ToString(), message));
    }

    public EventProblem ToProblem()
    {
        var (reason, pointer, message) = _all[0];
        var errors = new Dictionary<string, string>();
        foreach (var fault in _all) errors.TryAdd(fault.Pointer, fault.Message);
        var place = pointer.Length == 0 ? "The event" : pointer;
        return new(reason, $"{place} {message}.", errors);
    }
}

/// <summary>A place in an event; its JSON pointer is only written out when something is wrong there.</summary>
/// <param name="Parent">The pointer of the object: <c>/data</c>.</param>
/// <param name="Name">The member.</param>
/// <param name="Item">The line, from 0; −1 outside of lines.</param>
internal readonly record struct Place(string Parent, string Name, int Item = -1)
{
    public override string ToString()
    {
        var name = Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return Item < 0 ? $"{Parent}/{name}" : $"{Parent}/{Item}/{name}";
    }
}
