using Lifecycle.Web.Problems;

namespace Lifecycle.Web.Access;

/// <summary>So many bytes of bodies at once: places alone would let a thousand of the largest in together.</summary>
internal sealed class BodyRoom(long max)
{
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Counts bytes in, until they are given back.</summary>
    /// <param name="held">What the same body has taken already.</param>
    /// <exception cref="ProblemException">There are too many already.</exception>
    public void Take(int bytes, int held)
    {
        // One that is larger than the maximum goes alone: told to come back, it would be told so for ever.
        var all = Interlocked.Add(ref _bytes, bytes);
        if (all <= max || all <= bytes + held) return;
        Add(-bytes);
        throw new ProblemException(
            ProblemCodes.Overloaded, "The bodies that are being read and decided fill their room.")
        {
            RetryAfter = Backlog.RetryAfterMin,
        };
    }

    /// <summary>What is held is more than was asked for, or less again.</summary>
    public void Add(int bytes) => Interlocked.Add(ref _bytes, bytes);
}
