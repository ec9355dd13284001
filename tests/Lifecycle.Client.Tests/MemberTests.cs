using System.Reflection;
using System.Text.Json.Serialization;
using Lifecycle.Web.Customers;

namespace Lifecycle.Client.Tests;

/// <summary>What the server answers has a name here: a member that it gains is not forgotten.</summary>
public sealed class MemberTests
{
    private static readonly Assembly Server = typeof(CustomerWire).Assembly;

    /// <summary>Answers to vendors' clients, not to ours.</summary>
    private static readonly string[] Foreign =
        ["SegmentWire", "SegmentSettingsWire", "RudderSourceWire", "RudderClusterWire"];

    private static readonly Dictionary<string, Type> Names = new()
    {
        ["StatusWire"] = typeof(CustomerStatus), ["ExpiringWire"] = typeof(ExpiringPoints),
        ["WindowWire"] = typeof(MetricsWindow), ["EntriesWire"] = typeof(EntryPage),
        ["LedgerWire"] = typeof(LedgerPage), ["CustomersWire"] = typeof(CustomerPage),
        ["FeedWire"] = typeof(FeedPage), ["AliasesWire"] = typeof(CustomerAliases), ["PartWire"] = typeof(CustomerPart),
        ["EventsWire"] = typeof(EventsAnswer), ["KeyWire"] = typeof(ApiKey), ["NewKeyWire"] = typeof(NewApiKey),
        ["KeyListWire"] = typeof(Transport.KeyList), ["ProgramWire"] = typeof(ProgramVersion),
        ["QuarantineWire"] = typeof(QuarantinePage), ["QuarantinedWire"] = typeof(QuarantinedEvent),
        ["QuarantinedEventWire"] = typeof(QuarantinedBody), ["EarnedWire"] = typeof(EarnedPoints),
    };

    public static TheoryData<string> Answers =>
        [.. Server.GetTypes().Where(type => type.Name.EndsWith("Wire", StringComparison.Ordinal) && IsRecord(type))
            .Select(type => type.Name).Except(Foreign)];

    [Theory]
    [MemberData(nameof(Answers))]
    public void Every_member_of_an_answer_is_typed(string answer)
    {
        var wire = Server.GetTypes().Single(type => type.Name == answer);
        var here = Names.GetValueOrDefault(answer)
            ?? typeof(LifecycleClient).Assembly.GetType($"Lifecycle.Client.{answer[..^"Wire".Length]}");

        Assert.NotNull(here);
        var missing = MembersOf(wire).Except(MembersOf(here)).ToList();
        Assert.True(missing.Count == 0, $"{here.Name} lacks {string.Join(", ", missing)} of {answer}.");
    }

    [Fact]
    public void Every_kind_of_effect_is_typed()
    {
        var wire = Server.GetTypes().Single(type => type.Name == "EffectWire");

        Assert.Equal(KindsOf(wire), KindsOf(typeof(Effect)));
    }

    private static List<string> KindsOf(Type type) =>
        [.. type.GetCustomAttributes<JsonDerivedTypeAttribute>()
            .Select(kind => (string)kind.TypeDiscriminator!).Order()];

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    /// <summary>By the name on the wire; a list for the explanation of a field is a type of its own here.</summary>
    private static IEnumerable<string> MembersOf(Type type) =>
        from property in type.GetProperties()
        where property.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always }
        where property is not { DeclaringType.Name: "ExplanationWire", Name: "Fields" }
        select property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
            ?? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
}
