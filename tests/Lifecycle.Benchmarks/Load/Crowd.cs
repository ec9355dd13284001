using System.Text.Json.Serialization;

namespace Lifecycle.Benchmarks.Load;

/// <summary>How the next customer is chosen.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Choice>))]
internal enum Choice
{
    /// <summary>The k-th customer with a weight of 1/k.</summary>
    Zipf,

    /// <summary>Every customer alike.</summary>
    Uniform,

    /// <summary>Every customer once, then no more.</summary>
    Once,
}

/// <summary>The customers that a load is about: numbers from <paramref name="First"/> on.</summary>
internal sealed record Crowd(int Count, Choice Choice, int First = 0);

/// <summary>Draws customers from a crowd; each thread has its own.</summary>
internal sealed class Draw
{
    private readonly Crowd _crowd;
    private readonly ZipfSampler? _zipf;
    private readonly Random _random;
    private readonly Turn _turn;

    /// <param name="turn">Shared by the threads of one load.</param>
    public Draw(Crowd crowd, ZipfSampler? zipf, int seed, Turn turn)
    {
        (_crowd, _zipf, _random, _turn) = (crowd, zipf, new Random(seed), turn);
    }

    /// <summary>False when there is no further customer.</summary>
    public bool TryNext(out int customer)
    {
        var index = _crowd.Choice switch
        {
            Choice.Zipf => _zipf!.Next(_random),
            Choice.Uniform => _random.Next(_crowd.Count),
            _ => _turn.Next(),
        };
        customer = _crowd.First + index;
        return index < _crowd.Count;
    }

    /// <summary>Draws for each of some threads.</summary>
    public static Draw[] For(Crowd crowd, int threads)
    {
        var zipf = crowd.Choice == Choice.Zipf ? new ZipfSampler(crowd.Count, 1.0) : null;
        var turn = new Turn();
        return [.. Enumerable.Range(0, threads).Select(i => new Draw(crowd, zipf, Random.Shared.Next() + i, turn))];
    }

    /// <summary>Counts from 0.</summary>
    internal sealed class Turn
    {
        private int _next = -1;

        public int Next() => Interlocked.Increment(ref _next);
    }
}
