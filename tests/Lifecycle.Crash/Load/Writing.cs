using System.Text;
using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>Sends requests that write, and enters what was said of each input.</summary>
internal sealed class Writing(Door door, Ledger ledger, Sightings sightings, Faults faults)
{
    private long _later;

    /// <summary>Answers of 429 and 503.</summary>
    public long Later => Interlocked.Read(ref _later);

    /// <summary>Answers whether every input was settled; what was not may have been taken or not.</summary>
    public async Task<bool> SendAsync(Site site, WriteRequest request, CancellationToken cancel)
    {
        var floor = request.Key is null ? 0 : sightings.FloorOf(request.Inputs[0].Key.Customer);
        foreach (var input in request.Inputs) ledger.Sending(input);
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Path);
        message.Content = new StringContent(request.Body, Encoding.UTF8, "application/json");
        if (request.Key is not null) message.Headers.Add("Idempotency-Key", request.Key);
        Answer? answer;
        using (door.Write()) answer = await Exchange.SendAsync(site, message, cancel);
        if (answer is null) return false;
        if (answer.IsLater)
        {
            Interlocked.Increment(ref _later);
            return false;
        }

        if (request.Key is null) TakeEvents(site, request, answer);
        else TakeCommand(site, request, answer, floor);
        return true;
    }

    private void TakeEvents(Site site, WriteRequest request, Answer answer)
    {
        if (answer.Status != 200)
        {
            faults.Add($"{site.Name} answered events with {answer.Status}: {answer.Body}");
            return;
        }

        var answers = Answers.OfEvents(answer.Body);
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            var input = request.Inputs[i];
            if (i < answers.Count && answers[i] is { } taken) Take(site, input, taken.Told, taken.IsRepeated);
            else faults.Add($"{site.Name} did not take {Ledger.Name(input)}: {answer.Body}");
        }
    }

    private void TakeCommand(Site site, WriteRequest request, Answer answer, long floor)
    {
        var input = request.Inputs[0];
        if (answer.Status == 200) Take(site, input, Answers.OfReceipt(answer.Body), answer.IsReplayed);
        else if (answer.Status == 422 && Answers.OfRefusal(answer.Body) is { } told)
            Take(site, input, told, answer.IsReplayed);
        // Nobody knows the customer yet: nothing is recorded, and the input is let go.
        else if (answer.Status == 404) sightings.Missing(input.Key.Customer, floor, site.Name);
        else faults.Add($"{site.Name} answered {Ledger.Name(input)} with {answer.Status}: {answer.Body}");
    }

    private void Take(Site site, SentInput input, Told told, bool repeated)
    {
        ledger.Take(input, told, repeated);
        if (told.After is { } after)
            sightings.See(input.Key.Customer, told.Version, after, $"a receipt of {site.Name}");
        door.Acknowledge(1);
    }
}
