using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Time;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Tests;

public sealed class JsonTextTests
{
    [Fact]
    public void Texts_are_escaped_as_the_serializer_does()
    {
        string[] texts =
        [
            "", "c-1", "积分 🎁", "a\"b\\c", "tab\tline\nend\r\0\u001f\u007f\u0085", "<a href='x'>&amp;</a>", "\u2028\ufeff",
            "\ud83d\ude00", "half \ud83d", new('x', 5_000), new('"', 700),
        ];
        Assert.All(texts, text => Assert.Equal(Serialized(text), Written((ref JsonText json) => json.Text(text))));
        Prop.ForAll<string>(text =>
        {
            if (text is not null) Assert.Equal(Serialized(text), Written((ref JsonText json) => json.Text(text)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Numbers_and_times_are_written_as_the_serializer_does()
    {
        long[] numbers = [0, 9, 10, -1, long.MinValue, long.MaxValue];
        Assert.All(numbers, n => Assert.Equal(Serialized(n), Written((ref JsonText json) => json.Whole(n))));
        decimal[] decimals = [0m, 0.50m, -12.25m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m];
        Assert.All(decimals, n => Assert.Equal(Serialized(n), Written((ref JsonText json) => json.Number(n))));
        Prop.ForAll<long>(micros =>
        {
            // Over all years, and a fraction of any length.
            var at = new Instant(
                Instant.Earliest.Micros + (long)((ulong)micros % (ulong)(Instant.Latest - Instant.Earliest)));
            foreach (var instant in new[] { at, new(at.Micros / 1_000 * 1_000), new(at.Micros / 1_000_000 * 1_000_000) })
            {
                if (instant == Instant.Earliest) continue;
                Assert.Equal(Serialized(instant.ToWire()), Written((ref JsonText json) => json.Time(instant)));
                Assert.Equal($"\"{instant}\"", Written((ref JsonText json) => json.Time(instant, trimmed: false)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
        Assert.Equal("null", Written((ref JsonText json) => json.Time(Instant.Never)));
        Assert.Equal("null", Written((ref JsonText json) => json.Time(Instant.Earliest)));
    }

    private delegate void Write(ref JsonText json);

    private static string Serialized<T>(T value) => JsonSerializer.Serialize(value, WireJson.Wire.Options);

    /// <summary>Into a buffer that never gives more than was asked for, thrice, so that every seam is met.</summary>
    private static string Written(Write write)
    {
        var buffer = new StingyBuffer();
        var json = new JsonText(buffer);
        for (var i = 0; i < 3; i++) write(ref json);
        json.Flush();
        var text = Encoding.UTF8.GetString([.. buffer.Bytes]);
        var third = text[..(text.Length / 3)];
        Assert.Equal(string.Concat(third, third, third), text);
        return third;
    }

    private sealed class StingyBuffer : IBufferWriter<byte>
    {
        private byte[] _room = [];

        public List<byte> Bytes { get; } = [];

        public void Advance(int count) => Bytes.AddRange(_room.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _room = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
