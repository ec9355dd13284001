namespace Lifecycle.Simulation.Running;

/// <summary>Where all tasks of one process run. Once it is dead none of them does anything any more.</summary>
internal sealed class SimScheduler(SimThread thread) : TaskScheduler
{
    private readonly int _home = Environment.CurrentManagedThreadId;

    public bool IsDead { get; private set; }

    public override int MaximumConcurrencyLevel => 1;

    public void Kill() => IsDead = true;

    public void Execute(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task)
    {
        // Finalizers of what belonged to the dead may still call, on a thread of their own.
        if (IsDead) return;
        if (Environment.CurrentManagedThreadId == _home) thread.Ready(this, task);
        else thread.Escaped = Environment.StackTrace;
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && !IsDead && Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
