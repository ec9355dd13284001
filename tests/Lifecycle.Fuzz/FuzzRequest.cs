using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Fuzz;

/// <summary>One request, as it is sent.</summary>
/// <param name="Operation">The operation that it is made from.</param>
/// <param name="Chunked">Without a Content-Length.</param>
/// <param name="Leaves">The client goes away soon: the answer may never come.</param>
public sealed record FuzzRequest(
    long Index, string Operation, string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[] Body, bool Chunked = false, bool Leaves = false);

public sealed record FuzzAnswer(int Status, IHeaderDictionary Headers, byte[] Body);

/// <summary>Requests in a file, one a line; the last is the one that failed, the others came before it.</summary>
public static class FuzzFile
{
    public static void Write(string path, IEnumerable<FuzzRequest> requests) =>
        File.WriteAllLines(path, requests.Select(r => JsonSerializer.Serialize(r)));

    public static IReadOnlyList<FuzzRequest> Read(string path) =>
        [.. File.ReadLines(path).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<FuzzRequest>(l)!)];
}
