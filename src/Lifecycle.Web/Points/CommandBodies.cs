using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Points;

/// <summary>Makes a command from its id and the time it came.</summary>
internal delegate Input ToInput(string id, Instant now);

/// <summary>A command and how its body is read: the same for its route and for what-if.</summary>
/// <param name="Name">A name of <see cref="InputTypes"/>.</param>
/// <param name="Fields">The fields of its body.</param>
/// <param name="Read">Faults what is wrong; the caller throws.</param>
internal sealed record CommandBody(string Name, IReadOnlyList<string> Fields, Func<BodyFields, ToInput> Read);

internal static class CommandBodies
{
    public static readonly CommandBody Redeem = new(InputTypes.Redeem, ["points", "reference", "note"], fields =>
    {
        var (points, reference) = (fields.Points("points", 1), fields.Text("reference", InputLimits.IdMax));
        var note = fields.Text("note", InputLimits.NoteMax, lines: true);
        return (id, now) => new Input.RedeemPoints(points, reference, note)
        {
            Source = CommandDoor.Source, Id = id, OccurredAt = now,
        };
    });

    public static readonly CommandBody Adjust = new(InputTypes.Adjust, ["points", "reason", "note"], fields =>
    {
        var points = fields.Points("points", -InputLimits.AmountMax);
        var reason = fields.Text("reason", InputLimits.IdMax);
        var note = fields.Text("note", InputLimits.NoteMax, lines: true);
        return (id, now) => new Input.AdjustPoints(points, reason ?? "", note)
        {
            Source = CommandDoor.Source, Id = id, OccurredAt = now,
        };
    });

    public static readonly IReadOnlyList<CommandBody> All = [Redeem, Adjust];
}
