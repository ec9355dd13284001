using System.Collections;
using System.Reflection;

namespace Lifecycle.Simulation.Running;

internal static class Dump
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    public static object? Get(object o, string name)
    {
        for (var t = o.GetType(); t is not null; t = t.BaseType)
            if (t.GetField(name, All) is { } f) return f.GetValue(o);
        return "?" + name;
    }

    public static string Of(Engine.Hosting.LifecycleEngine engine)
    {
        var c = engine.Customers;
        var text = $"inflight {Get(c, "_inputsInFlight")} ";
        foreach (var pair in (IEnumerable)Get(c, "_residents")!)
        {
            var actor = pair!.GetType().GetProperty("Value")!.GetValue(pair)!;
            object a = actor.GetType().GetProperty("Actor")!.GetValue(actor)!;
            var turn = Get(a, "_turn")!;
            text += $"\n inputs {Get(a, "_inputs")} users {Get(a, "_users")} inflight {(Get(a, "_inFlight") as ICollection)?.Count} held {Get(turn, "_held")} waiting {(Get(turn, "_waiting") as ICollection)?.Count} doubted {Get(a, "_doubted")} ";
        }

        text += $"\n projector writing {Get(Get(engine.Projector, "_writing")!, "_held")}";
        foreach (var lane in (Array)Get(Get(engine, "_writer")!, "_lanes")!)
        {
            var q = Get(lane, "_queue")!;
            text += $"\n lane loop {((Task)Get(lane, "_loop")!).Status} queue {((System.Threading.Channels.Channel<Engine.Actors.Submission>)q).Reader.Count}";
        }

        return text;
    }
}
