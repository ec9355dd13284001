using System.CommandLine;
using Lifecycle.Simulation;

var seeds = new Option<int>("--seeds") { Description = "How many histories to play.", DefaultValueFactory = _ => 100 };
var first = new Option<int>("--seed")
{
    Description = "The first seed; with --seeds 1 it replays a failure.", DefaultValueFactory = _ => 1,
};
var minutes = new Option<double>("--minutes")
{
    Description = "Plays on with further seeds for so long; 0 for --seeds alone.", DefaultValueFactory = _ => 0,
};
var length = new Option<int>("--length")
{
    Description = "Lines of each script.", DefaultValueFactory = _ => Simulator.LengthDefault,
};
var goOn = new Option<bool>("--go-on") { Description = "Plays on after a failure, and tells each in a line." };
foreach (var count in new[] { seeds, length })
{
    count.Validators.Add(given =>
    {
        // What is no number is said by the parser.
        if (given.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1)
            given.AddError($"{count.Name} must be 1 or more.");
    });
}

minutes.Validators.Add(given =>
{
    if (given.Tokens is [var token] && double.TryParse(token.Value, out var value) && value is < 0 or > 100_000)
        given.AddError($"{minutes.Name} must be between 0 and 100000.");
});
var root = new RootCommand("Plays random histories of the whole engine, faults included, and judges every answer.")
{
    seeds, first, minutes, length, goOn,
};
root.SetAction(parsed => SimulationRun.Run(
    parsed.GetValue(first), parsed.GetValue(seeds), TimeSpan.FromMinutes(parsed.GetValue(minutes)),
    parsed.GetValue(length), parsed.GetValue(goOn), Console.Out));
var called = root.Parse(args);
var code = called.Invoke();
return called.Errors.Count > 0 ? 2 : code;
