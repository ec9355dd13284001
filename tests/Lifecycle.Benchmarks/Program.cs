using System.Globalization;
using Lifecycle.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["fold", var folder]:
        await FoldBenchmark.RunAsync(folder);
        return 0;
    case ["memory", var folder]:
        await MemoryBenchmark.RunAsync(folder);
        return 0;
    case ["decide", .. var days]:
        // A week: what a customer did lately. A year: the first customers do something in every hour of it.
        foreach (var span in days.Length > 0 ? days : ["7", "365"]) DecideBenchmark.Run(int.Parse(span));
        return 0;
    case ["intake"]:
        await IntakeBenchmark.RunAsync();
        return 0;
    case ["status", var url, .. var rest]:
        await StatusBenchmark.RunAsync(new Uri(url), rest.Length > 0 ? rest[0] : "dev");
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            """
            Usage: dotnet run -c Release --project tests/Lifecycle.Benchmarks -- WHAT
              fold FOLDER        entries folded per second on one core from the stored bytes of a data folder
              memory FOLDER      bytes of heap that each resident customer of a data folder takes
              decide [DAYS]      processor time of one small event from JSON to its hashed row, on one thread
              intake             the same through the engine, with a journal that only counts
              status URL [KEY]   status reads per second of a running server, beside its bare health endpoint
            docs/benchmarks.md says how its figures were made.
            """);
        return 2;
}
