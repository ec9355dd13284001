using System.Globalization;
using Lifecycle.Benchmarks;
using Lifecycle.Benchmarks.Load;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args is [WorkerProcess.Argument]
    ? await Worker.RunAsync()
    : await BenchCommand.Make().Parse(args).InvokeAsync();
