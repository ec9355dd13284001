namespace Lifecycle.Cluster.Shares;

/// <summary>Runs again and again while it is active, and is made active by its reminder.</summary>
internal abstract class ShareGrain(TimeSpan every, ILogger logger) : Grain, IShareGrain, IRemindable, IDisposable
{
    private const string Reminder = "run";

    /// <summary>Reminders come no more often than that.</summary>
    private static readonly TimeSpan ReminderEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(
            RunOnceAsync, new GrainTimerCreationOptions { DueTime = every, Period = every, KeepAlive = true });
        return Task.CompletedTask;
    }

    public void Dispose() => _stopping.Dispose();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _stopping.CancelAsync();

    public async Task EnsureAsync() => await this.RegisterOrUpdateReminder(Reminder, ReminderEvery, ReminderEvery);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    protected abstract Task RunAsync(CancellationToken cancel);

    private async Task RunOnceAsync(CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stopping.Token);
        try
        {
            await RunAsync(both.Token);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception e)
        {
            ClusterLog.ShareFailed(logger, this.GetPrimaryKeyLong(), e);
        }
    }
}
