using System.Globalization;
using System.Text.RegularExpressions;

namespace Lifecycle.Tests.Shared.Telemetry;

/// <summary>The text format that Prometheus scrapes, read as strictly as it is written down.</summary>
internal sealed partial class PrometheusText
{
    private static readonly string[] OfHistogram = ["_bucket", "_sum", "_count"];

    private readonly Dictionary<string, double> _series = [];

    public Dictionary<string, string> Types { get; } = [];

    /// <exception cref="InvalidDataException">It is not the format.</exception>
    public static PrometheusText Parse(string text)
    {
        if (!text.EndsWith('\n')) throw new InvalidDataException("The last line has no end.");
        var parsed = new PrometheusText();
        var family = "";
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal) || line.StartsWith("# UNIT ", StringComparison.Ordinal))
                continue;
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                family = words[2];
                if (!parsed.Types.TryAdd(family, words[3])) throw new InvalidDataException($"{family} is there twice.");
                continue;
            }

            parsed.Take(line, family);
        }

        parsed.CheckHistograms();
        return parsed;
    }

    /// <summary>The value of a series; its labels are in the order in which they are written.</summary>
    public double this[string series] => _series.TryGetValue(series, out var value)
        ? value
        : throw new KeyNotFoundException($"There is no {series} among {string.Join(", ", _series.Keys)}");

    public bool Has(string series) => _series.ContainsKey(series);

    /// <summary>Of all series of a name.</summary>
    public double Sum(string name) => _series
        .Where(one => one.Key == name || one.Key.StartsWith($"{name}{{", StringComparison.Ordinal)).Sum(one => one.Value);

    private void Take(string line, string family)
    {
        var match = Sample().Match(line);
        if (!match.Success) throw new InvalidDataException($"No sample: {line}");
        var name = match.Groups["name"].Value;
        var belongs = Types[family] == "histogram" ? OfHistogram.Contains(name[family.Length..]) : name == family;
        if (!belongs) throw new InvalidDataException($"{name} stands below {family}.");
        var number = match.Groups["value"].Value;
        var value = number == "+Inf" ? double.PositiveInfinity : double.Parse(number, CultureInfo.InvariantCulture);
        var series = match.Groups["series"].Value;
        if (series.EndsWith("{}", StringComparison.Ordinal)) series = series[..^2];
        if (!_series.TryAdd(series, value)) throw new InvalidDataException($"Twice: {line}");
    }

    private void CheckHistograms()
    {
        foreach (var family in Types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            var last = 0.0;
            foreach (var (series, value) in _series.Where(s => s.Key.StartsWith($"{family}_bucket{{", StringComparison.Ordinal)))
            {
                if (value < last) throw new InvalidDataException($"{series} is less than the one before.");
                last = series.Contains("le=\"+Inf\"", StringComparison.Ordinal) ? 0 : value;
            }
        }
    }

    [GeneratedRegex(
        """^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\.)*",?)*\})?) (?<value>\S+)( \d+)?$""")]
    private static partial Regex Sample();
}
