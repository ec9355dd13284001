using System.Text.Json;

namespace Lifecycle.Fuzz;

/// <summary>A value of a JSON text: its bytes, and where its name begins when it has one.</summary>
internal readonly record struct JsonPlace(int Start, int End, int NameStart)
{
    /// <summary>With its name.</summary>
    public int WholeStart => NameStart < 0 ? Start : NameStart;
}

internal static class JsonPlaces
{
    private const int PlacesMax = 500;

    /// <summary>The values up to where the text is no JSON any more.</summary>
    public static List<JsonPlace> Find(ReadOnlySpan<byte> json)
    {
        var places = new List<JsonPlace>();
        var open = new Stack<(int Start, int NameStart)>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000 });
        var name = -1;
        try
        {
            while (places.Count < PlacesMax && reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = start;
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((start, name));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        var (from, itsName) = open.Pop();
                        places.Add(new(from, (int)reader.BytesConsumed, itsName));
                        break;
                    default:
                        places.Add(new(start, (int)reader.BytesConsumed, name));
                        break;
                }

                name = -1;
            }
        }
        catch (JsonException)
        {
            // What was read so far is enough.
        }

        return places;
    }
}
