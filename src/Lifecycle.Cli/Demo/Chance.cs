using System.Numerics;

namespace Lifecycle.Cli.Demo;

/// <summary>
/// A stream of chance that depends on its seeds alone: the same in every run, on every machine and runtime.
/// </summary>
/// <remarks>xorshift64* (Vigna 2016) seeded through splitmix64 (Steele, Lea and Flood 2014).</remarks>
internal sealed class Chance
{
    private ulong _state;

    /// <param name="seed">Whose world it is.</param>
    /// <param name="stream">Which stream of it: streams of one seed are independent.</param>
    public Chance(ulong seed, ulong stream)
    {
        _state = Scramble(Scramble(seed) ^ Scramble(stream + 0x9e3779b97f4a7c15));
        if (_state == 0) _state = 1;
    }

    /// <summary>From 0, below 1.</summary>
    public double Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return ((_state * 0x2545f4914f6cdd1d) >> 11) / (double)(1UL << 53);
    }

    public bool Happens(double probability) => Next() < probability;

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Whole(int least, int most) => least + (int)(Next() * (most - least + 1));

    public double Between(double least, double most) => least + (Next() * (most - least));

    /// <param name="rate">Of events per unit; the mean is its reciprocal.</param>
    public double Exponential(double rate) => -Math.Log(1 - Next()) / rate;

    /// <summary>Box and Muller 1958, one of the two.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    /// <summary>Marsaglia and Tsang 2000; the mean is shape ÷ rate.</summary>
    public double Gamma(double shape, double rate)
    {
        if (shape < 1) return Gamma(shape + 1, rate) * Math.Pow(1 - Next(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - Next()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v / rate;
        }
    }

    /// <summary>Knuth's product of uniforms: fine for the small means here.</summary>
    public int Poisson(double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), Next(), 0);
        while (product > limit)
        {
            product *= Next();
            count++;
        }
        return count;
    }

    /// <summary>One of them, each as likely as its weight says.</summary>
    public T Pick<T>(IReadOnlyList<T> from, Func<T, double> weight)
    {
        var left = Next() * from.Sum(weight);
        foreach (var item in from)
        {
            left -= weight(item);
            if (left < 0) return item;
        }
        return from[^1];
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[Whole(0, from.Count - 1)];

    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return BitOperations.RotateLeft(value ^ (value >> 31), 17);
    }
}
