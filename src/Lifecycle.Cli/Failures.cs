using System.Net;
using System.Text.Json;
using Lifecycle.Client;

namespace Lifecycle.Cli;

/// <summary>Failed calls in words: what happened and what to do.</summary>
internal static class Failures
{
    public static string TextOf(LifecycleException failure)
    {
        if (failure.InnerException is JsonException)
            return "The server's answer is not JSON. Is --url the address of a Lifecycle server?";
        var said = failure.Detail.Length > 0 || failure.Title.Length > 0 ? failure.Message : "";
        return failure.Status switch
        {
            null => $"{failure.Message} Start it with ./run, or name another one with --url.",
            HttpStatusCode.Unauthorized =>
                $"The server does not take this key. Give one with --key or {GlobalOptions.KeyVariable}. {said}",
            HttpStatusCode.Forbidden =>
                $"This key lacks the role for that; 'lifecycle keys list' shows who has which. {said}",
            HttpStatusCode.RequestEntityTooLarge =>
                $"The request is too large for the server; a smaller --batch makes smaller ones. {said}",
            _ when said.Length > 0 => said,
            _ => $"{failure.Message} Its log may.",
        };
    }
}
