using System.CommandLine;
using System.Globalization;
using Lifecycle.Simulation;
using Lifecycle.Tests.Shared.Usage;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await Tool.RunAsync(SimulateCommand.Make(), args, new InvocationConfiguration());
