using System.Buffers.Binary;

namespace Lifecycle.Simulation.Running;

/// <summary>
/// Random numbers that begin anew with each line of a script: what is drawn after one line does not depend on how many
/// were drawn before, so that a script from which lines are taken stays much the same history.
/// </summary>
/// <remarks>SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).</remarks>
internal sealed class Dice(int seed) : Random(0)
{
    private ulong _state = (ulong)seed;

    public void BeginLine(int line) => _state = ((ulong)(uint)seed << 32) | (uint)line;

    public override int Next() => (int)(Draw() >> 33);

    public override void NextBytes(Span<byte> buffer)
    {
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        for (; buffer.Length > 0; buffer = buffer[Math.Min(eight.Length, buffer.Length)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(eight, Draw());
            eight[..Math.Min(eight.Length, buffer.Length)].CopyTo(buffer);
        }
    }

    protected override double Sample() => (Draw() >> 11) * (1.0 / (1UL << 53));

    private ulong Draw()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
