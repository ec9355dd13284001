namespace Lifecycle.Cli.Demo;

/// <summary>What a customer is like, for as long as they live.</summary>
/// <remarks>
/// Buying follows the Pareto/NBD story (Schmittlein, Morrison and Colombo 1987): orders are a Poisson process whose
/// rate is gamma among customers, and it ends after an exponential lifetime whose rate is gamma too. Spend follows
/// gamma-gamma (Fader and Hardie 2013): order values are gamma around a customer's own mean, whose rate is gamma
/// among customers.
/// </remarks>
internal sealed record Traits
{
    // Orders a day: mean 0.021, one in 48 days; half of the customers buy less often than every 75 days.
    private const double RateShape = 0.95;
    private const double RateScale = 45;

    // Dropout a day: half of the buyers stay longer than a year and a half.
    private const double DropoutShape = 0.7;
    private const double DropoutScale = 330;

    // Order values in cents: mean 45 euros.
    private const double ValueShape = 5;
    private const double ValueSpread = 4;
    private const double ValueScale = 2_700;

    private static readonly (string Name, double Weight)[] AcquisitionChannels =
    [
        ("search", 0.34), ("social", 0.22), ("referral", 0.12), ("marketplace", 0.12), ("email", 0.08), ("store", 0.12),
    ];

    private static readonly (string Name, double Weight)[] Countries =
        [("DE", 0.72), ("AT", 0.12), ("NL", 0.08), ("FR", 0.08)];

    private static readonly (string Name, double Weight)[] Channels = [("web", 0.5), ("app", 0.3), ("store", 0.2)];

    /// <summary>Orders a day.</summary>
    public required double OrderRate { get; init; }

    /// <summary>From the first order to the last chance of another.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>Some look and never buy.</summary>
    public required bool Buys { get; init; }

    /// <summary>Mean cents of an order.</summary>
    public required double ValueMean { get; init; }

    /// <summary>Chance that an order is bought at a discount.</summary>
    public required double Bargain { get; init; }

    /// <summary>Chance that something of an order comes back.</summary>
    public required double ReturnChance { get; init; }

    /// <summary>0 is the average of all; people talk and answer by it.</summary>
    public required double Mood { get; init; }

    /// <summary>How much each category is liked.</summary>
    public required IReadOnlyDictionary<string, double> Tastes { get; init; }

    /// <summary>Takes the newsletter.</summary>
    public required bool Consents { get; init; }

    /// <summary>Stays away once for half a year or longer, and comes back.</summary>
    public required bool Pauses { get; init; }
    public required string AcquiredBy { get; init; }
    public required string Country { get; init; }
    public required string Channel { get; init; }
    public required string Name { get; init; }

    /// <summary>The same customer for the same chance.</summary>
    public static Traits Draw(Chance chance)
    {
        var bargainHunter = chance.Happens(0.2);
        var serialReturner = chance.Happens(0.05);
        return new()
        {
            OrderRate = Math.Clamp(chance.Gamma(RateShape, RateScale), 0.0008, 0.2),
            Lifetime = TimeSpan.FromDays(
                Math.Min(20_000, chance.Exponential(Math.Max(1e-5, chance.Gamma(DropoutShape, DropoutScale))))),
            Buys = chance.Happens(0.88),
            ValueMean = Math.Clamp(
                ValueShape / chance.Gamma(ValueSpread, ValueScale), 900, 60_000),
            Bargain = bargainHunter ? 0.75 : 0.12,
            ReturnChance = serialReturner ? 0.35 : chance.Between(0.02, 0.1),
            Mood = chance.Normal(),
            Tastes = Assortment.Categories.ToDictionary(
                name => name, name => Assortment.PopularityOf(name) * chance.Exponential(1)),
            Consents = chance.Happens(0.62),
            Pauses = chance.Happens(0.28),
            AcquiredBy = chance.Pick(AcquisitionChannels, c => c.Weight).Name,
            Country = chance.Pick(Countries, c => c.Weight).Name,
            Channel = chance.Pick(Channels, c => c.Weight).Name,
            Name = Names.Draw(chance),
        };
    }

    /// <summary>Cents that the next order should be worth.</summary>
    public double DrawValue(Chance chance) => chance.Gamma(ValueShape, ValueShape / ValueMean);
}

/// <summary>Names as they stand on parcels. Nobody's in particular.</summary>
internal static class Names
{
    private static readonly string[] Given =
    [
        "Anna", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hannes", "Ida", "Jonas", "Karla", "Leo", "Mina",
        "Noah", "Olga", "Paul", "Rosa", "Samir", "Tilda", "Yusuf",
    ];

    private static readonly string[] Family =
    [
        "Albrecht", "Bauer", "Claes", "Dietz", "Ebner", "Fuchs", "Gruber", "Hofer", "Imhof", "Jansen", "Keller", "Lang",
        "Moreau", "Novak", "Otto", "Peters", "Richter", "Schmid", "Thoma", "Weiss",
    ];

    public static string Draw(Chance chance) => $"{chance.Pick(Given)} {chance.Pick(Family)}";
}
