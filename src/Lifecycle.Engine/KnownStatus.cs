using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine;

/// <summary>A status with what it was made of, and room for what a reader makes of it.</summary>
/// <remarks>
/// All in one place: of a hundred thousand customers none is in the processor's cache, and each further object that a
/// read has to look into costs as much as a hundred instructions or more.
/// </remarks>
public sealed class KnownStatus
{
    private readonly CustomerStatus _status;
    private readonly Head? _head;
    private readonly ProgramSchedule? _programs;
    private readonly Instant _from;
    private long _memo;

    private KnownStatus(Head head, ProgramSchedule programs, Instant from, in CustomerStatus status) =>
        (_head, _programs, _from, _status) = (head, programs, from, status);

    /// <summary>As another process knows it: good for one answer.</summary>
    internal KnownStatus(in CustomerStatus status) => _status = status;

    public ref readonly CustomerStatus Status => ref _status;

    /// <summary>
    /// A number that a reader made of the status under the customer's own id, such as a hash of the answer; 0 for none.
    /// </summary>
    public long Memo
    {
        get => Volatile.Read(ref _memo);
        set => Volatile.Write(ref _memo, value);
    }

    internal static KnownStatus Of(Head head, ProgramSchedule programs, Instant instant) =>
        new(head, programs, instant, Views.StatusAt(head.State, programs, instant));

    /// <summary>Whether it is what the head is seen as at an instant.</summary>
    internal bool IsOf(Head head, ProgramSchedule programs, Instant instant) =>
        ReferenceEquals(_head, head) && _programs == programs && instant >= _from && instant < _status.NextChangeAt;
}
