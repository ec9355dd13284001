using System.CommandLine;
using System.Globalization;
using Lifecycle.Benchmarks;
using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Load;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    [WorkerProcess.Argument] => await Worker.RunAsync(),
    [BareHost.Argument, .. var options] => await BareHost.RunAsync(options),
    ["decide", .. var days] => DecideBenchmark.Run(days),
    ["intake"] => await IntakeBenchmark.RunAsync(),
    // A server that is stopped writes what it has taken first; the default of two seconds would leave it behind.
    _ => await BenchCommand.Make().Parse(args).InvokeAsync(
        new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(3) }),
};
