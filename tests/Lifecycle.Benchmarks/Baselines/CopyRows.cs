using System.Buffers.Binary;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>Rows of the journal in the server's binary COPY format, sorted as ours are.</summary>
/// <param name="seqs">The last of each customer, counted on here.</param>
internal sealed class CopyRows(List<byte[]> bodies, Guid[] customers, long[] seqs, Draw draw)
{
    public const string CopyKeys = "copy lifecycle.event_keys (event_key, customer, seq) from stdin (format binary)";

    public const string CopyJournal =
        """
        copy lifecycle.journal (customer, seq, event_key, batch, occurred_at, recorded_at, at, prev, hash, n, body)
        from stdin (format binary)
        """;

    private const int RowBytesMax = 256;

    // The server counts from 2000.
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Random _random = new();
    private readonly List<(Guid Customer, long Seq, Guid Key)> _rows = [];
    private byte[] _bytes = [];
    private int _length;
    private long _batch = DateTime.UtcNow.Ticks;

    /// <summary>Each connection has customers of its own, or two would write one seq.</summary>
    public int Lane { get; init; }

    public int Lanes { get; init; } = 1;

    public void Draw(int count)
    {
        _rows.Clear();
        _batch++;
        while (_rows.Count < count)
        {
            if (!draw.TryNext(out var customer)) throw new InvalidOperationException("The crowd is through.");
            if (customer % Lanes == Lane) _rows.Add((customers[customer], ++seqs[customer], NextGuid()));
        }

        _rows.Sort();
    }

    public ReadOnlyMemory<byte> RenderKeys()
    {
        Begin();
        foreach (var (customer, seq, key) in _rows.OrderBy(row => row.Key))
        {
            BeginRow(3, 0);
            Write(key);
            Write(customer);
            Write(seq);
        }

        return End();
    }

    public ReadOnlyMemory<byte> RenderJournal()
    {
        var now = (DateTime.UtcNow - Epoch).Ticks / 10;
        Begin();
        for (var n = 0; n < _rows.Count; n++)
        {
            var body = bodies[_random.Next(bodies.Count)];
            BeginRow(11, body.Length);
            Write(_rows[n].Customer);
            Write(_rows[n].Seq);
            Write(_rows[n].Key);
            Write(_batch);
            for (var i = 0; i < 3; i++) Write(now);
            Write(NextGuid());
            Write(NextGuid());
            BinaryPrimitives.WriteInt32BigEndian(Next(4), 4);
            BinaryPrimitives.WriteInt32BigEndian(Next(4), n);
            BinaryPrimitives.WriteInt32BigEndian(Next(4), body.Length);
            body.CopyTo(Next(body.Length));
        }

        return End();
    }

    private void Begin()
    {
        _length = 0;
        Grow(RowBytesMax);
        "PGCOPY\n"u8.CopyTo(Next(7));
        ReadOnlySpan<byte> rest = [255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        rest.CopyTo(Next(rest.Length));
    }

    private ReadOnlyMemory<byte> End()
    {
        BinaryPrimitives.WriteInt16BigEndian(Next(2), -1);
        return _bytes.AsMemory(0, _length);
    }

    private void BeginRow(short columns, int body)
    {
        Grow(RowBytesMax + body);
        BinaryPrimitives.WriteInt16BigEndian(Next(2), columns);
    }

    private void Write(Guid value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Next(4), 16);
        value.TryWriteBytes(Next(16), bigEndian: true, out _);
    }

    private void Write(long value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Next(4), 8);
        BinaryPrimitives.WriteInt64BigEndian(Next(8), value);
    }

    private Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private Span<byte> Next(int length) => _bytes.AsSpan((_length += length) - length, length);

    private void Grow(int more)
    {
        // With room for what ends the copy.
        if (_length + more + 2 <= _bytes.Length) return;
        Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + more + (64 << 10)));
    }
}
