namespace Lifecycle.Engine.Tests.Programs;

/// <summary>A small valid document and ways to break it.</summary>
internal static class Documents
{
    public const string Minimal = """
        program: small
        currency: EUR
        time_zone: Europe/Berlin
        stages:
          - name: Prospect
          - name: Buyer
            when: customer.orders >= 1
          - {name: AtRisk, silence: at_risk}
          - {name: Dormant, silence: dormant}
          - {name: Churned, silence: churned}
        points: {name: Stars}
        earn: []

        """;

    /// <summary>The minimal document with the one occurrence of a piece replaced.</summary>
    public static string With(string piece, string replacement)
    {
        Assert.Equal(2, Minimal.Split(piece).Length);
        return Minimal.Replace(piece, replacement, StringComparison.Ordinal);
    }

    /// <summary>The minimal document with this under <c>earn</c>.</summary>
    public static string WithEarn(string yaml) => With("earn: []", yaml);
}
