using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>The document as it was accepted: whatever changes for callers is seen and meant.</summary>
public sealed class SnapshotTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private const string AcceptVariable = "LIFECYCLE_ACCEPT_SNAPSHOTS";
    private const int LinesShown = 60;
    private const int CommonLines = 3;

    /// <summary>Beyond this the rest is shown as changed.</summary>
    private const int DistanceMax = 2_000;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n",
    };

    [Fact]
    public async Task The_document_is_the_accepted_one()
    {
        var answer = await shared.Site.GetAsync("/openapi/v1.json");
        Assert.Equal(200, answer.Status);
        var document = answer.Json;
        var now = JsonSerializer.Serialize(document, Indented) + "\n";
        var file = PathOfSnapshot();
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
            await File.WriteAllTextAsync(file, now, TestContext.Current.CancellationToken);

        var accepted = File.Exists(file)
            ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)
            : "";
        Assert.True(
            now == accepted,
            $"The OpenAPI document has changed. If that is meant, run this test once more with {AcceptVariable}=1 and "
            + $"commit {Path.GetFileName(file)}.\n{Difference(accepted, now)}");
    }

    /// <summary>What went and what came, each place with its line; after many it only counts.</summary>
    private static string Difference(string accepted, string now)
    {
        var (old, fresh) = (accepted.Split('\n'), now.Split('\n'));
        var lines = new List<string>();
        for (int i = 0, j = 0; i < old.Length || j < fresh.Length;)
        {
            if (i < old.Length && j < fresh.Length && old[i] == fresh[j])
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var (gone, come) = NextCommon(old, i, fresh, j);
            lines.Add($"@@ line {i + 1} @@");
            lines.AddRange(old[i..(i + gone)].Select(l => $"- {l}"));
            lines.AddRange(fresh[j..(j + come)].Select(l => $"+ {l}"));
            (i, j) = (i + gone, j + come);
        }

        return string.Join('\n', lines.Take(LinesShown))
            + (lines.Count > LinesShown ? $"\n… and {lines.Count - LinesShown} lines more" : "");
    }

    /// <summary>How many lines of each go by until three in a row are the same.</summary>
    private static (int Gone, int Come) NextCommon(string[] old, int i, string[] fresh, int j)
    {
        for (var sum = 1; sum < old.Length - i + fresh.Length - j && sum < DistanceMax; sum++)
        {
            for (var gone = Math.Max(0, sum - (fresh.Length - j)); gone <= Math.Min(sum, old.Length - i); gone++)
            {
                var a = old.AsSpan(i + gone);
                var b = fresh.AsSpan(j + sum - gone);
                var rows = Math.Min(CommonLines, Math.Min(a.Length, b.Length));
                if (rows > 0 && a[..rows].SequenceEqual(b[..rows])) return (gone, sum - gone);
            }
        }

        return (old.Length - i, fresh.Length - j);
    }

    private static string PathOfSnapshot([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "openapi.v1.json");
}
