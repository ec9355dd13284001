using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>After a failed batch: the customer is folded anew, and those who wait are decided anew or told.</summary>
public sealed partial class CustomerActor
{
    /// <summary>The writer's word: nothing of this activation from here on was or will be written.</summary>
    internal void Failed(Activation activation, StoreException? fault)
    {
        if (fault is null) EngineLog.ActivationPoisoned(_services.Logger, Key.ToString());
        // It stays in memory until those who wait are served, even if all of them have gone.
        lock (this) _users++;
        _ = _services.Options.Turns.Run(async () =>
        {
            await _turn.EnterAsync(this, CancellationToken.None);
            try
            {
                await RecoverAsync(activation);
            }
            catch (Exception e)
            {
                // The callers were told; the next one activates the customer anew.
                if (e is CodecException) _services.Isolation.Report(Key, e);
                else EngineLog.RecoveryFailed(_services.Logger, Key.ToString(), e);
            }
            finally
            {
                _turn.Leave(this);
                Exit();
            }
        });
    }

    private async Task RecoverAsync(Activation failed)
    {
        if (_activation != failed) return;
        List<PendingRequest> waiting;
        lock (this)
        {
            waiting = [.. (_inFlight ?? []).SelectMany(submission => submission.Requests)];
            _inFlight = null;
        }

        _activation = null;
        _head = null;
        _committed = null;
        _secret = null;
        for (var i = 0; i < waiting.Count; i++)
        {
            try
            {
                _services.Gate.EnsureOpen();
                await ActivateAsync(CancellationToken.None);
                if (waiting[i].Attempts > _services.Options.AttemptsMax) waiting[i].Fail(Lost(null));
                else await DecideAsync(waiting[i], probeAll: true);
            }
            catch (Exception e)
            {
                var reason = e is CodecException ? Isolated(e.Message) : Lost(e);
                foreach (var request in waiting.Skip(i)) request.Fail(reason);
                throw;
            }
        }
    }

    private static UnavailableException Lost(Exception? cause) => new(
        UnavailableCodes.Unavailable, "The inputs could not be written; send the same again.", TimeSpan.FromSeconds(1),
        cause);
}
