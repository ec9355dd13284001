using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Lifecycle.Cli;
using Lifecycle.Cli.Scan;
using Lifecycle.Cluster.Customers;
using Lifecycle.Engine;

namespace Lifecycle.Cluster.Scan;

/// <summary>
/// The customers of a cluster, as a client of it: so many parts of their keys at once, each in the process that chance
/// gives it. A part whose process is lost goes on in another one, behind the last customer that came.
/// </summary>
internal sealed class ClusterSource(string? where, IConfiguration configuration, TimeProvider time) : ICustomerSource
{
    private const string SchemaDefault = "lifecycle";

    /// <summary>Times in a row that a part breaks off without a customer in between.</summary>
    private const int BreaksMax = 10;

    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);

    /// <summary>Orleans itself tries for minutes.</summary>
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(15);

    private IHost? _host;

    public async IAsyncEnumerable<ScanPage> ScanAsync(
        ScanRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var grains = await ConnectAsync(cancel);
        var call = new ScanCall(
            request.Filter, request.Columns is null ? null : string.Join(',', request.Columns), request.Format);
        var (cut, names) = await BeginAsync(grains, call, cancel);
        if (names.Length > 0) yield return new(names, 0);
        // Two for each part: one is read while one is written.
        var pages = Channel.CreateBounded<ScanPage>(2 * request.Lanes);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = ReadAllAsync(grains, call, cut, request.Lanes, pages.Writer, ends.Token);
        try
        {
            await foreach (var page in pages.Reader.ReadAllAsync(cancel)) yield return page;
        }
        finally
        {
            await ends.CancelAsync();
            await reading;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <exception cref="CommandFailedException">No process of the cluster can be reached.</exception>
    private async Task<IGrainFactory> ConnectAsync(CancellationToken cancel)
    {
        var schema = configuration[$"{Postgres.PostgresServices.Section}:Schema"] ?? SchemaDefault;
        // Not on the command line, where everybody on the machine reads it.
        var address = await ClusterAddress.ParseAsync(
            where ?? configuration[$"{Postgres.PostgresServices.Section}:ConnectionString"], schema, cancel);
        var id = configuration[$"{ClusterOptions.Section}:{nameof(ClusterOptions.Id)}"] ?? new ClusterOptions().Id;
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
                (cluster.ClusterId, cluster.ServiceId) = (id, id));
            address.Configure(client);
        });
        _host = builder.Build();
        try
        {
            await _host.StartAsync(cancel).WaitAsync(ConnectMax, time, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new CommandFailedException(
                $"The cluster '{id}' cannot be reached by {address}: {failure.Message.Split('\n')[0].TrimEnd('.', '\r')}. Name gateways or the "
                + "database with --cluster, and another cluster with the environment variable Lifecycle__Cluster__Id.",
                failure);
        }

        return _host.Services.GetRequiredService<IGrainFactory>();
    }

    private async Task<(string Cut, byte[] Names)> BeginAsync(
        IGrainFactory grains, ScanCall call, CancellationToken cancel)
    {
        for (var breaks = 1; ; breaks++)
        {
            var fault = Lost;
            try
            {
                var begun = await NextGrain(grains).BeginAsync(call).WaitAsync(cancel);
                if (begun.Cut is { } cut) return (cut, begun.Names);
                fault = begun.Fault!;
            }
            catch (Exception failure) when (IsOfTheWay(failure, cancel))
            {
                fault = fault with { Message = failure.Message };
            }

            await PauseAsync(fault, breaks, cancel);
        }
    }

    private async Task ReadAllAsync(
        IGrainFactory grains, ScanCall call, string cut, int lanes, ChannelWriter<ScanPage> pages,
        CancellationToken cancel)
    {
        try
        {
            await Parallel.ForAsync(
                0, lanes, new ParallelOptions { MaxDegreeOfParallelism = lanes, CancellationToken = cancel },
                async (share, stop) => await ReadAsync(grains, call, new(cut, share, lanes, null), pages, stop));
            pages.Complete();
        }
        catch (Exception failure)
        {
            pages.Complete(failure);
        }
    }

    private async Task ReadAsync(
        IGrainFactory grains, ScanCall call, ScanPart part, ChannelWriter<ScanPage> pages, CancellationToken cancel)
    {
        for (var breaks = 1; ; breaks++)
        {
            Fault? fault = null;
            try
            {
                await foreach (var page in NextGrain(grains).ReadAsync(call, part, cancel).WithBatchSize(1))
                {
                    fault = page.Fault;
                    if (page.Last is not { } last) continue;
                    await pages.WriteAsync(new(page.Lines, page.Customers), cancel);
                    (part, breaks) = (part with { After = last }, 0);
                }

                if (fault is null) return;
            }
            catch (Exception failure) when (IsOfTheWay(failure, cancel))
            {
                fault = Lost with { Message = failure.Message };
            }

            await PauseAsync(fault, breaks, cancel);
        }
    }

    private static Fault Lost => new(UnavailableCodes.Unavailable, "", TimeSpan.Zero);

    /// <summary>Before it is tried again; there is no sense in that for all but these two.</summary>
    private Task PauseAsync(Fault fault, int breaks, CancellationToken cancel)
    {
        var isFull = fault.Code == UnavailableCodes.Overloaded;
        if (!isFull && fault.Code != UnavailableCodes.Unavailable) throw new CommandFailedException(fault.Message);
        if (!isFull && breaks >= BreaksMax) throw new CommandFailedException($"The scan broke off: {fault.Message}");
        var delay = DelayMin * Math.Pow(2, Math.Min(breaks, BreaksMax) - 1);
        if (delay > DelayMax) delay = DelayMax;
        // Where one process is full the next one may not be.
        return Task.Delay(!isFull && fault.RetryAfter > delay ? fault.RetryAfter : delay, time, cancel);
    }

    /// <summary>A key of its own for each try: another process may get it.</summary>
    private static IScanGrain NextGrain(IGrainFactory grains) =>
        grains.GetGrain<IScanGrain>(new Guid(RandomNumberGenerator.GetBytes(16)));

    private static bool IsOfTheWay(Exception failure, CancellationToken cancel) =>
        !cancel.IsCancellationRequested && failure is
            OrleansException or TimeoutException or ObjectDisposedException or DbException or OperationCanceledException
            or EnumerationAbortedException or IOException;
}
