using System.Globalization;
using Lifecycle.Benchmarks;
using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Load;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    [WorkerProcess.Argument] => await Worker.RunAsync(),
    [BareHost.Argument, .. var options] => await BareHost.RunAsync(options),
    _ => await BenchCommand.Make().Parse(args).InvokeAsync(),
};
