using System.Collections.Frozen;

namespace Lifecycle.Domain.Money;

/// <summary>
/// The currencies of ISO 4217 that have a minor unit, with its exponent: 2 means that 100 minor units are one.
/// Codes withdrawn since 2015 are kept, for history is imported too. Metals and test codes are no currencies here.
/// </summary>
public static class Currencies
{
    private const string None = "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

    private const string Two = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
        CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK
        HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL LTL MAD MDL MGA MKD MMK MNT MOP MRO MRU
        MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK
        SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VEF VES
        WST XCD XCG YER ZAR ZMW ZWG ZWL
        """;

    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    private const string Four = "CLF UYW";

    private static readonly FrozenDictionary<string, int> Exponents =
        Read(None, 0).Concat(Read(Two, 2)).Concat(Read(Three, 3)).Concat(Read(Four, 4))
            .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every code, in no order.</summary>
    public static IReadOnlyCollection<string> Codes => Exponents.Keys;

    /// <summary>Digits of the minor unit; null for a code that is none. Codes are upper case.</summary>
    public static int? Find(string code) => Exponents.TryGetValue(code, out var exponent) ? exponent : null;

    private static IEnumerable<KeyValuePair<string, int>> Read(string codes, int exponent) =>
        codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(code => KeyValuePair.Create(code, exponent));
}
