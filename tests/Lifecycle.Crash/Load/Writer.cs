using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>
/// One after the other: what broke off or was answered 429 or 503 is sent again as it was, one in ten of them never;
/// one in twenty that was answered is sent once more.
/// </summary>
internal sealed class Writer(Door door, Writing writing, InputMaker maker, Random random, Faults faults)
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PauseAfterLater = TimeSpan.FromMilliseconds(100);

    /// <summary>Goes on until told to stop, and then until nothing is open.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancel)
    {
        WriteRequest? open = null;
        Site? former = null;
        try
        {
            while (open is not null || !stop.IsCancellationRequested)
            {
                var site = await door.SiteAsync(open is null ? stop : cancel, former);
                open ??= maker.Next();
                if (!await writing.SendAsync(site, open, cancel))
                {
                    former = site;
                    if (random.Next(10) == 0) open = null;
                    await Task.Delay(PauseAfterLater, cancel);
                    continue;
                }

                foreach (var input in open.Inputs) maker.Acknowledged(input);
                if (random.Next(20) == 0) await writing.SendAsync(site, open, cancel);
                (open, former) = (null, null);
                await Task.Delay(PauseMax * random.NextDouble(), cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception e)
        {
            // Without its writer the run would go on and prove less.
            faults.Add($"A writer failed: {e}");
        }
    }
}
