using System.Text.Json;
using System.Text.Json.Serialization;
using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Growth;
using Lifecycle.Benchmarks.Histories;

namespace Lifecycle.Benchmarks.Load;

/// <summary>What the process that makes the load is asked to do; a line of JSON.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "job")]
[JsonDerivedType(typeof(IngestJob), "ingest")]
[JsonDerivedType(typeof(ReadJob), "read")]
[JsonDerivedType(typeof(SqliteInsertJob), "sqlite_insert")]
[JsonDerivedType(typeof(SqliteSelectJob), "sqlite_select")]
[JsonDerivedType(typeof(ScanJob), "scan")]
[JsonDerivedType(typeof(SqlJob), "sql")]
[JsonDerivedType(typeof(CopyOutJob), "copy_out")]
[JsonDerivedType(typeof(CopyInJob), "copy_in")]
[JsonDerivedType(typeof(SqliteRowJob), "sqlite_row")]
[JsonDerivedType(typeof(SqlRowJob), "sql_row")]
[JsonDerivedType(typeof(GrowthOpenJob), "growth_open")]
[JsonDerivedType(typeof(GrowthAppendJob), "growth_append")]
[JsonDerivedType(typeof(GrowthReadJob), "growth_read")]
[JsonDerivedType(typeof(HistoryJob), "history")]
[JsonDerivedType(typeof(FoldJob), "fold")]
[JsonDerivedType(typeof(MemoryJob), "memory")]
[JsonDerivedType(typeof(RestJob), "rest")]
internal abstract record Job
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Done in the process of the load.</summary>
    public abstract Task<LoadResult> RunAsync();
}

/// <summary>Where a server is and what it knows its caller by.</summary>
internal sealed record Site(Uri Address, string Key);

/// <summary>Sends events until the time is over or the crowd is through.</summary>
/// <param name="RequestsPerSecond">A fixed schedule; null for as fast as answers come.</param>
/// <param name="WarmUpSeconds">Before the time that is measured, when answers are what it goes by.</param>
internal sealed record IngestJob(
    Site Site, Crowd Crowd, int Batch, int Connections, double Seconds, double? RequestsPerSecond = null,
    double WarmUpSeconds = 0) : Job
{
    public override Task<LoadResult> RunAsync() => Task.FromResult(Http.Run(
        Site, Crowd, Connections, WarmUpSeconds, Seconds, RequestsPerSecond,
        draw => new EventRequests(Site.Address, Site.Key, Batch, draw)));
}

/// <summary>Reads until the time is over or the crowd is through.</summary>
/// <param name="Path">With <c>{id}</c> for the customer.</param>
internal sealed record ReadJob(
    Site Site, string Path, Crowd Crowd, int Connections, double Seconds, double? RequestsPerSecond = null) : Job
{
    public override Task<LoadResult> RunAsync() => Task.FromResult(Http.Run(
        Site, Crowd, Connections, 0, Seconds, RequestsPerSecond,
        draw => new ReadRequests(Site.Address, Site.Key, Path, draw)));
}

file static class Http
{
    public static LoadResult Run(
        Site site, Crowd crowd, int connections, double warmUpSeconds, double seconds, double? requestsPerSecond,
        Func<Draw, Requests> source)
    {
        var time = TimeSpan.FromSeconds(seconds);
        if (requestsPerSecond is { } rate)
        {
            var each = Draw.For(crowd, connections);
            return OpenLoop.Run(site.Address, connections, rate, time, i => source(each[i]));
        }

        var draws = Draw.For(crowd, ClosedLoop.ThreadsOf(connections));
        return ClosedLoop.Run(
            site.Address, connections, TimeSpan.FromSeconds(warmUpSeconds), time, i => source(draws[i]));
    }
}
