using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web;

/// <summary>The limits of the API: section <c>Lifecycle:Web</c>. A wrong value stops the process at start.</summary>
public sealed class WebOptions
{
    public const string Section = "Lifecycle:Web";

    /// <summary>Bytes of a request's body, 1 KiB to 256 MiB. Default 16 MiB: 5,000 events of 3 KiB.</summary>
    [Range(1 << 10, 1 << 28)]
    public int BodyBytesMax { get; set; } = 16 << 20;

    /// <summary>
    /// Bytes of a request's body once it is inflated, 1 KiB to 256 MiB. Default 16 MiB: as much as may come plain.
    /// </summary>
    [Range(1 << 10, 1 << 28)]
    public int InflatedBytesMax { get; set; } = 16 << 20;

    /// <summary>Events of one request, 1 to 100,000. Default 5,000: one commit of the journal holds them.</summary>
    [Range(1, 100_000)]
    public int EventsMax { get; set; } = 5_000;

    /// <summary>Bytes of one event, 1 KiB to 16 MiB. Default 1 MiB: 2,000 lines of 500 bytes.</summary>
    [Range(1 << 10, 1 << 24)]
    public int EventBytesMax { get; set; } = 1 << 20;

    /// <summary>Bytes of a command's body, 1 KiB to 1 MiB. Default 64 KiB: many times the longest note.</summary>
    [Range(1 << 10, 1 << 20)]
    public int CommandBytesMax { get; set; } = 64 << 10;

    /// <summary>
    /// Requests a second with one key, 1 to 1,000,000. Default 20,000; as many again at once after a pause.
    /// </summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecondMax { get; set; } = 20_000;

    /// <summary>
    /// Requests under way at once, of those that read and of those that write, 1 to 100,000. Default 1,024: what one
    /// commit of a slow disk takes.
    /// </summary>
    [Range(1, 100_000)]
    public int RequestsMax { get; set; } = 1_024;

    /// <summary>
    /// Requests that wait for their turn, of either kind, 0 to 100,000. Default 4,096; the next is answered 429.
    /// </summary>
    [Range(0, 100_000)]
    public int RequestsWaitingMax { get; set; } = 4_096;

    /// <summary>
    /// How long a request waits for its turn before it is answered 429, 10 ms to a minute. Default 3 s: whoever still
    /// wants the answer then does better to ask again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RequestWaitMax { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Bytes of the bodies of all requests under way, inflated, 1 KiB to 1 TiB. Default 256 MiB: decided, they take
    /// some times as much. A body that is larger goes alone.
    /// </summary>
    [Range(1L << 10, 1L << 40)]
    public long BodyBytesInFlightMax { get; set; } = 256 << 20;

    /// <summary>
    /// Connections that are open, 1 to 1,000,000. Default 20,000: twice what may be under way and wait. The next one is
    /// closed without an answer, before it can take a file handle from the store.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ConnectionsMax { get; set; } = 20_000;

    /// <summary>
    /// Whether anybody may read <c>/metrics</c>. Default false: it takes a key with the role monitor or admin. True where
    /// only those who may can reach the port.
    /// </summary>
    public bool MetricsOpen { get; set; }

    /// <summary>
    /// After the signal to stop, how long the process is not ready and still takes what comes, 0 to 10 minutes. Default
    /// 5 s, in Development 0: long enough for who sends it traffic to notice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan? DrainTime { get; set; }

    /// <summary>Inputs of one what-if, 1 to 10,000. Default 100: a season of orders and commands.</summary>
    [Range(1, 10_000)]
    public int WhatIfInputsMax { get; set; } = 100;

    /// <summary>Customers of one request that are decided at once, 1 to 10,000. Default 512.</summary>
    [Range(1, 10_000)]
    public int CustomersAtOnceMax { get; set; } = 512;

    /// <summary>
    /// Whether a Segment message with two ids makes one customer of both. Default true; with a key that is public (in a
    /// page or an app) anybody can claim an id that is not known yet so.
    /// </summary>
    public bool LinkAnonymousIds { get; set; } = true;

    /// <summary>
    /// Pairs of linked ids that are remembered, 2 to 10,000,000: a pair that is costs no look-up. Default 100,000.
    /// </summary>
    [Range(2, 10_000_000)]
    public int LinksRememberedMax { get; set; } = 100_000;

    /// <summary>
    /// Readers of the feed who stay (streams, and polls that wait), 1 to 100,000. Default 100: each holds one of the
    /// requests under way.
    /// </summary>
    [Range(1, 100_000)]
    public int FeedReadersMax { get; set; } = 100;

    /// <summary>Scans under way at once, 1 to 1,000. Default 4: each keeps up to one core busy.</summary>
    [Range(1, 1_000)]
    public int ScansMax { get; set; } = 4;
}

[OptionsValidator]
internal sealed partial class WebOptionsValidator : IValidateOptions<WebOptions>;
