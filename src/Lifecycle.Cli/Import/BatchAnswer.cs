using Lifecycle.Client;

namespace Lifecycle.Cli.Import;

/// <summary>What the server did with the events of one request.</summary>
/// <param name="Refused">Those that went to quarantine: event id and reason.</param>
internal sealed record BatchAnswer(
    long Accepted, long Duplicates, long Quarantined, IReadOnlyList<(string Id, string Reason)> Refused)
{
    /// <summary>Holds an answer against the number of events sent.</summary>
    /// <exception cref="CommandFailedException">It does not account for every event.</exception>
    public static BatchAnswer Of(EventsAnswer answer, int sent)
    {
        var refused = answer.Results.Where(result => result.Status == "quarantined")
            .Select(result => (result.Id ?? "", result.Problem?.Reason ?? "unknown")).ToList();
        if (answer.Accepted + answer.Duplicates + answer.Quarantined == sent && answer.Quarantined == refused.Count)
            return new(answer.Accepted, answer.Duplicates, answer.Quarantined, refused);
        throw new CommandFailedException(
            $"The server's answer does not account for each of the {sent} events that it was sent.");
    }
}
