using System.CommandLine;
using System.Globalization;
using Lifecycle.Crash;
using Lifecycle.Tests.Shared.Usage;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
// What was started is ended first.
return await Tool.RunAsync(
    CrashCommand.Make(), args, new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
