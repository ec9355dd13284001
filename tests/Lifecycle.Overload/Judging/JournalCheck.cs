using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;
using Lifecycle.Overload.Load;

namespace Lifecycle.Overload.Judging;

/// <summary>Compares the journal with what the load was told.</summary>
internal sealed class JournalCheck
{
    private const int PageSize = 1_000;

    private readonly Dictionary<string, int> _times = [];

    public long Entries => _times.Count;

    public static async Task<JournalCheck> ReadAsync(IJournal journal)
    {
        var check = new JournalCheck();
        for (var position = 0L; ;)
        {
            var rows = await journal.ReadFeedAsync(position, PageSize, CancellationToken.None);
            if (rows.Count == 0) return check;
            foreach (var row in rows)
                if (EntryCodec.Decode(row).Input is Input.Event { Source: "load" } input)
                    check._times[input.Id] = check._times.GetValueOrDefault(input.Id) + 1;
            position = rows[^1].Position;
        }
    }

    /// <summary>What was acknowledged is there once, what was refused is not there.</summary>
    public void Judge(LoadPlan plan, Verdict verdict)
    {
        var (acknowledged, lost, doubled, refused, taken, unknown) = (0L, 0L, 0L, 0L, 0L, 0L);
        foreach (var stream in plan.Streams.Where(stream => stream.Kind != RequestKind.Status))
        {
            var outcomes = File.ReadAllBytes(plan.OutcomesFile(stream));
            for (var i = 0; i < outcomes.Length; i++)
            {
                var times = _times.GetValueOrDefault(RequestWriter.EventIdOf(plan.Prefix, stream.Name, i));
                if (times > 1) doubled++;
                switch ((Outcome)outcomes[i])
                {
                    case Outcome.Accepted:
                        acknowledged++;
                        if (times == 0) lost++;
                        break;
                    case Outcome.Refused or Outcome.RefusedBare or Outcome.NotConnected or Outcome.Unsent:
                        refused++;
                        if (times > 0) taken++;
                        break;
                    default:
                        unknown++;
                        break;
                }
            }
        }

        verdict.Judge(
            lost + doubled + taken == 0,
            $"{acknowledged:N0} acknowledged events are in the journal once ({lost} lost, {doubled} doubled); of "
            + $"{refused:N0} refused {taken} are");
        if (unknown > 0) verdict.Say($"{unknown:N0} events have no answer; each is there once or not at all");
    }
}
