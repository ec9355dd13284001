namespace Lifecycle.Domain.Conditions;

/// <summary>Which variables the place of a condition lets it read.</summary>
/// <param name="AllowEvent">An event is at hand, so <c>event.*</c> has values.</param>
/// <param name="AllowStage">The stage is settled before the condition is asked.</param>
public sealed record ConditionScope(bool AllowEvent, bool AllowStage)
{
    internal const string NoEvent =
        "event.* cannot be used here: there is no event when this is asked. Use customer.* only.";

    /// <summary>Conditions of stages: they decide the stage, so they cannot read it.</summary>
    public static readonly ConditionScope Stage = new(AllowEvent: false, AllowStage: false);

    /// <summary>Conditions about the customer alone.</summary>
    public static readonly ConditionScope Customer = new(AllowEvent: false, AllowStage: true);

    /// <summary>Conditions about an event and its customer.</summary>
    public static readonly ConditionScope Event = new(AllowEvent: true, AllowStage: true);

    /// <summary>A further reason against a variable, for the author; null for none.</summary>
    public Func<Variable, string?>? RefuseAlso { get; init; }

    /// <summary>Why the variable cannot be read here; null when it can.</summary>
    internal string? Refuse(Variable variable) => variable switch
    {
        { OfEvent: true } when !AllowEvent => NoEvent,
        { Fact: Fact.Stage } when !AllowStage =>
            "customer.stage cannot be used here: this condition decides the stage.",
        _ => RefuseAlso?.Invoke(variable),
    };
}
