namespace Lifecycle.Domain.Spelling;

/// <summary>Finds the name that a person probably meant.</summary>
public static class Nearest
{
    /// <summary>Longer words are not compared: nobody mistypes one that is known.</summary>
    public const int WordMax = 64;

    /// <summary>
    /// The known name with the fewest edits (insert, delete, replace, swap neighbours; case counts nothing), the first
    /// in ordinal order of several; null when none is near: more than a third of the word, or two for a short one.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > WordMax) return null;
        var lower = word.ToLowerInvariant();
        var best = Math.Min(Math.Max(2, word.Length / 3), word.Length - 1);
        string? nearest = null;
        foreach (var name in known.Order(StringComparer.Ordinal))
        {
            if (Math.Abs(name.Length - word.Length) > best) continue;
            var distance = Distance(lower, name.ToLowerInvariant());
            if (distance > best || (distance == best && nearest is not null)) continue;
            best = distance;
            nearest = name;
        }

        return nearest;
    }

    /// <summary>For the end of a message: <c> Did you mean 'x'?</c>, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) =>
        Of(word, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Optimal string alignment: three rows are enough, for a swap looks back two.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        var row = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
