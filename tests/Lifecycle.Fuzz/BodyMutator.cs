using System.Globalization;
using System.Text;

namespace Lifecycle.Fuzz;

/// <summary>Changes a body: as JSON where it is some, else as bytes; a few times over.</summary>
internal sealed class BodyMutator(Corpus corpus)
{
    private const int ChangesMax = 4;
    private const int BytesMax = 200_000;

    public byte[] Mutate(byte[] body, Random random)
    {
        // Mostly one: more of them hide each other.
        for (var changes = random.Next(3) > 0 ? 0 : random.Next(ChangesMax); changes >= 0 && body.Length < BytesMax; changes--)
            body = random.Next(4) == 0 ? Bytes(body, random) : Json(body, random);
        return body;
    }

    /// <summary>New ids, so that it is no repetition of what came before.</summary>
    public static byte[] Freshen(byte[] body, Random random)
    {
        foreach (var place in JsonPlaces.Find(body).AsEnumerable().Reverse())
        {
            if (place.NameStart < 0) continue;
            var name = Encoding.UTF8.GetString(body[place.NameStart..place.Start]);
            var fresh = name.StartsWith("\"id\"", StringComparison.Ordinal)
                || name.StartsWith("\"messageId\"", StringComparison.Ordinal)
                || name.StartsWith("\"order_id\"", StringComparison.Ordinal)
                    ? $"\"i-{random.Next(1_000_000)}\""
                    : name.StartsWith("\"customer\"", StringComparison.Ordinal)
                        || name.StartsWith("\"userId\"", StringComparison.Ordinal)
                        || name.StartsWith("\"subject\"", StringComparison.Ordinal)
                        ? $"\"c-{random.Next(Corpus.Customers * 5)}\""
                    : name.StartsWith("\"from\"", StringComparison.Ordinal)
                        || name.StartsWith("\"alias\"", StringComparison.Ordinal)
                        ? $"\"{(random.Next(4) == 0 ? 'c' : 'a')}-{random.Next(Corpus.Customers)}\""
                        : null;
            if (fresh is not null) body = Replace(body, place.Start, place.End, Encoding.UTF8.GetBytes(fresh));
        }

        return body;
    }

    private byte[] Json(byte[] body, Random random)
    {
        var places = JsonPlaces.Find(body);
        if (places.Count == 0) return Bytes(body, random);
        var place = places[random.Next(places.Count)];
        var value = body[place.Start..place.End];
        switch (random.Next(13))
        {
            case 0 or 1 or 2:
                return Replace(body, place.Start, place.End, Corpus.Values[random.Next(Corpus.Values.Length)]);
            case 3:
                return Replace(body, place.WholeStart, SkipComma(body, place.End), []);
            case 4:
                return Replace(body, place.End, place.End, [(byte)',', .. body[place.WholeStart..place.End]]);
            case 5:
                var other = places[random.Next(places.Count)];
                return Replace(body, place.Start, place.End, body[other.Start..other.End]);
            case 6:
                return Replace(body, place.Start, place.End, Nest(value, random));
            case 7:
                var from = corpus.Bodies[random.Next(corpus.Bodies.Length)];
                var theirs = JsonPlaces.Find(from);
                if (theirs.Count == 0) return body;
                var picked = theirs[random.Next(theirs.Count)];
                return Replace(body, place.Start, place.End, from[picked.Start..picked.End]);
            case 8 or 9 or 10 or 11:
                return Replace(body, place.Start, place.End, Plausible(value, random));
            default:
                var number = random.Next(2) == 0
                    ? random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture)
                    : (random.NextDouble() * Math.Pow(10, random.Next(-30, 30))).ToString("R", CultureInfo.InvariantCulture);
                return Replace(body, place.Start, place.End, Encoding.ASCII.GetBytes(number));
        }
    }

    /// <summary>Of the same kind, so that more of it is taken.</summary>
    private static byte[] Plausible(byte[] value, Random random) =>
        value.Length > 0 && (value[0] == '-' || char.IsAsciiDigit((char)value[0]))
            ? Encoding.ASCII.GetBytes(random.Next(-5, random.Next(4) == 0 ? 1_000_000 : 300).ToString(CultureInfo.InvariantCulture))
        : value.Length > 0 && value[0] == '"' ? Corpus.Plausible[random.Next(Corpus.Plausible.Length)]
        : value;

    private static byte[] Nest(byte[] value, Random random)
    {
        var depth = random.Next(4) switch { 0 => 1, 1 => 2, 2 => 62 + random.Next(5), _ => random.Next(200) };
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        return
        [
            .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(open, depth))), .. value,
            .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(close, depth))),
        ];
    }

    private byte[] Bytes(byte[] body, Random random)
    {
        var at = random.Next(body.Length + 1);
        var end = Math.Min(body.Length, at + random.Next(1, 40));
        switch (random.Next(8))
        {
            case 0 when body.Length > 0:
                var flipped = (byte[])body.Clone();
                flipped[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return Replace(body, at, end, []);
            case 2:
                return body[..at];
            case 3:
                return Replace(body, end, end, body[at..end]);
            case 4:
                var noise = new byte[random.Next(1, 16)];
                random.NextBytes(noise);
                return Replace(body, at, at, noise);
            case 5:
                var other = corpus.Bodies[random.Next(corpus.Bodies.Length)];
                return [.. body[..at], .. other[random.Next(other.Length + 1)..]];
            case 6:
                return [.. body, .. random.Next(3) switch { 0 => "\n"u8, 1 => "\r\n\r\n"u8, _ => " "u8 }, .. body];
            default:
                return Replace(body, at, at, Corpus.Values[random.Next(Corpus.Values.Length)]);
        }
    }

    private static int SkipComma(byte[] body, int end) => end < body.Length && body[end] == (byte)',' ? end + 1 : end;

    private static byte[] Replace(byte[] body, int start, int end, byte[] by)
    {
        var result = new byte[body.Length - (end - start) + by.Length];
        body.AsSpan(0, start).CopyTo(result);
        by.CopyTo(result, start);
        body.AsSpan(end).CopyTo(result.AsSpan(start + by.Length));
        return result;
    }
}
