using Lifecycle.Domain.Conditions;

namespace Lifecycle.Domain.Tests.Conditions;

/// <summary>Facts by name; what is not given is 0 or empty, as the contract says.</summary>
internal sealed class FakeFacts(params (string Name, Value Value)[] values) : IFacts
{
    private readonly Dictionary<string, Value> _values = values.ToDictionary(v => v.Name, v => v.Value);

    /// <summary>How often anything was read.</summary>
    public int Reads { get; private set; }

    public Value Get(Variable variable)
    {
        Reads++;
        return _values.GetValueOrDefault(variable.Name, new Value(Text: ""));
    }
}
