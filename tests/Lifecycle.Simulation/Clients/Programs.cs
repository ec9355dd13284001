namespace Lifecycle.Simulation.Clients;

/// <summary>What the model knows of a program: the same that its document says.</summary>
/// <param name="PerPoint">Minor units of an order for one point.</param>
internal sealed record Rules(
    int PerPoint, int Times, long PendingMinutes, int ExpiryDays, bool Forgive, int GrowingAt, string Document)
{
    public static readonly Rules[] All =
    [
        Of(100, 1, 0, 5, false, 3), Of(50, 2, 90, 3, true, 2), Of(200, 3, 24 * 60, 9, false, 5),
    ];

    private static Rules Of(int perPoint, int times, int pendingMinutes, int expiryDays, bool forgive, int growingAt) =>
        new(perPoint, times, pendingMinutes, expiryDays, forgive, growingAt, $"""
            program: sim-{perPoint}
            currency: EUR
            time_zone: UTC
            stages:
              - name: Prospect
              - name: New
                when: customer.orders >= 1
              - name: Growing
                when: customer.orders >= {growingAt}
              - name: Loyal
                when: customer.orders >= 12
              - name: AtRisk
                silence: at_risk
              - name: Dormant
                silence: dormant
              - name: Churned
                silence: churned
            silence: {"{"}floor: 10d, cap: 30d{"}"}
            points:
              name: Points
              pending: {pendingMinutes}m
              expiry: {"{"}rolling: {expiryDays} days, round: none{"}"}
              returns: {"{"}when_spent: {(forgive ? "forgive" : "negative")}, window: 365d{"}"}
            earn:
              - name: base
                points: floor(event.amount_minor / {perPoint})
            {(times == 1 ? "" : $"  - name: more\n    multiply: {times}")}

            """);
}
