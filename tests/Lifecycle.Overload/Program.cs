using System.CommandLine;
using System.Globalization;
using Lifecycle.Overload;
using Lifecycle.Overload.Load;
using Lifecycle.Tests.Shared.Usage;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [LoadProcess.Argument]) return await LoadProcess.ServeAsync();
return await Tool.RunAsync(OverloadCommand.Make(), args, new InvocationConfiguration());
