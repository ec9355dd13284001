using System.Globalization;

namespace Lifecycle.Cli.Demo;

/// <summary>One thing on the shelf.</summary>
/// <param name="Line">The product line, for cross-selling.</param>
/// <param name="Grade">basic, good or best, for upgrades.</param>
internal sealed record Product(
    string Sku, string Category, string Line, string Grade, long PriceMinor, long CostMinor, double Popularity);

/// <summary>What the shop sells: a dozen categories of four to six products in three grades.</summary>
internal static class Assortment
{
    private static readonly (string Name, string Line, double PriceLow, double PriceHigh, double Popularity)[] Shelves =
    [
        ("tea", "drinks", 5, 24, 1.6), ("coffee", "drinks", 7, 28, 1.8), ("chocolate", "sweets", 3, 18, 1.5),
        ("biscuits", "sweets", 3, 12, 1.0), ("honey", "pantry", 6, 19, 0.8), ("olive-oil", "pantry", 9, 38, 0.8),
        ("spices", "pantry", 3, 14, 0.9), ("cups", "tableware", 8, 35, 0.7), ("teapots", "tableware", 25, 110, 0.35),
        ("candles", "home", 6, 32, 0.7), ("soap", "home", 4, 16, 0.8), ("gift-sets", "gifts", 29, 95, 0.4),
    ];

    private static readonly string[] Grades = ["basic", "good", "best"];

    public static readonly IReadOnlyList<Product> Products = [.. Shelves.SelectMany(ProductsOf)];

    public static readonly IReadOnlyList<string> Categories = [.. Shelves.Select(shelf => shelf.Name)];

    private static readonly Dictionary<string, Product[]> ByCategory =
        Products.GroupBy(product => product.Category).ToDictionary(group => group.Key, group => group.ToArray());

    public static IReadOnlyList<Product> Of(string category) => ByCategory[category];

    public static double PopularityOf(string category) => ByCategory[category][0].Popularity;

    /// <summary>Prices rise evenly through a shelf; the dearer, the better the grade and the margin.</summary>
    private static IEnumerable<Product> ProductsOf(
        (string Name, string Line, double PriceLow, double PriceHigh, double Popularity) shelf)
    {
        const int Count = 6;
        for (var i = 0; i < Count; i++)
        {
            var share = i / (double)(Count - 1);
            var euros = Math.Floor(shelf.PriceLow + ((shelf.PriceHigh - shelf.PriceLow) * share));
            var price = ((long)euros * 100) + 90;
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"{shelf.Name}-{i + 1:D2}"), shelf.Name, shelf.Line,
                Grades[i * Grades.Length / Count], price, (long)(price * (0.62 - (0.15 * share))), shelf.Popularity);
        }
    }
}
