namespace Lifecycle.Tests.Shared;

/// <summary>
/// Commands that do not outlive the process that starts them, also where it is killed and can end nothing itself.
/// </summary>
internal static class Orphans
{
    // The kernel closes the starter's end of the pipe whatever the starter dies of. The number of a command that has
    // ended may be another's by then: only a parent that is still there is killed. (PR_SET_PDEATHSIG goes by the thread
    // that started the command, and those of the thread pool come and go.)
    private const string Watch =
        """
        exec 3<&0
        (
            cat <&3
            read -r _ _ _ parent _ </proc/self/stat
            [ "$parent" = $$ ] && kill -KILL $$
        ) >/dev/null 2>&1 &
        exec "$@" 3<&- </dev/null
        """;

    /// <summary>The command under the same process id; its standard input must be a pipe of the starter's.</summary>
    public static IReadOnlyList<string> End(IReadOnlyList<string> command) =>
        OperatingSystem.IsLinux() ? ["/bin/sh", "-c", Watch, "sh", .. command] : command;
}
