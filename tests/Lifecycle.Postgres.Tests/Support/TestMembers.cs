using System.Data.Common;
using static Lifecycle.Postgres.Tests.Support.StoredQueries;

namespace Lifecycle.Postgres.Tests.Support;

/// <summary>The members of a cluster, as its provider writes them.</summary>
public sealed class TestMembers(StoredQueries queries, string cluster = "shop")
{
    public const int Joining = 2, Active = 3, Stopping = 5, Dead = 6;

    private static readonly DateTime Started = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whether there was none.</summary>
    public async Task<bool> CreateAsync() =>
        (bool)(await queries.AskAsync("InsertMembershipVersionKey", Cancel, Of("DeploymentId", cluster)))!;

    public async Task<bool> InsertAsync(int port, int version, int status = Active) =>
        (bool)(await queries.AskAsync("InsertMembershipKey", Cancel,
        [
            Of("DeploymentId", cluster), Of("IAmAliveTime", Started), Of("SiloName", $"silo {port}"),
            Of("HostName", "here"), .. Member(port), Of("StartTime", Started), Of("Status", status),
            Of("ProxyPort", port == 1 ? 0 : port + 1000), Of("Version", version),
        ]))!;

    /// <summary>Makes one a member, whatever the version is.</summary>
    public async Task<ClusterMember> AddAsync(int port)
    {
        await CreateAsync();
        Assert.True(await InsertAsync(port, await VersionAsync()));
        return new(cluster, "127.0.0.1", port, 7);
    }

    public async Task<bool> UpdateAsync(int port, int status, int version, string? suspects = null) =>
        (bool)(await queries.AskAsync("UpdateMembershipKey", Cancel,
        [
            Of("DeploymentId", cluster), .. Member(port), Of("IAmAliveTime", Started.AddMinutes(1)),
            Of("Status", status), Of("SuspectTimes", suspects), Of("Version", version),
        ]))!;

    /// <summary>What its peers do, or the member itself at its end.</summary>
    public async Task DieAsync(int port) => Assert.True(await UpdateAsync(port, Dead, await VersionAsync()));

    public Task BeatAsync(int port, DateTime at) => queries.RunAsync(
        "UpdateIAmAlivetimeKey", Cancel, [Of("DeploymentId", cluster), .. Member(port), Of("IAmAliveTime", at)]);

    public Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAsync(int port) =>
        queries.RunAsync("MembershipReadRowKey", Cancel, [Of("DeploymentId", cluster), .. Member(port)]);

    public Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAllAsync() =>
        queries.RunAsync("MembershipReadAllKey", Cancel, Of("DeploymentId", cluster));

    public async Task<int> VersionAsync() => (int)(await ReadAllAsync())[0]["Version"]!;

    public Task ForgetAsync(DateTime? before = null) => before is { } instant
        ? queries.RunAsync(
            "CleanupDefunctSiloEntriesKey", Cancel, Of("DeploymentId", cluster), Of("IAmAliveTime", instant))
        : queries.RunAsync("DeleteMembershipTableEntriesKey", Cancel, Of("DeploymentId", cluster));

    private static DbParameter[] Member(int port) =>
        [Of("Address", "127.0.0.1"), Of("Port", port), Of("Generation", 7)];
}
