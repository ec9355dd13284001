using System.Text.Json;

namespace Lifecycle.Cli.Output;

/// <summary>Reads what an answer of the API must have.</summary>
internal static class Answers
{
    /// <summary>A value as text, numbers as they were written; empty for null.</summary>
    /// <exception cref="CommandFailedException">It is not there.</exception>
    public static string Text(JsonElement json, string name) => Member(json, name).ToString();

    /// <exception cref="CommandFailedException">It is not there or no array.</exception>
    public static JsonElement Array(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } array ? array : throw Unknown(name);

    private static JsonElement Member(JsonElement json, string name)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)) return value;
        throw Unknown(name);
    }

    private static CommandFailedException Unknown(string name) =>
        new($"The server's answer has no '{name}'. Is --url the address of a Lifecycle server of this version?");
}
