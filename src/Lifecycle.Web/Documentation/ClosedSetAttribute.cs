using Lifecycle.Domain.Points;

namespace Lifecycle.Web.Documentation;

/// <summary>On a field of the wire: it holds one of these texts and no other.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class ClosedSetAttribute(params string[] values) : Attribute
{
    public ClosedSetAttribute(Type names) : this(NamesIn(names))
    {
    }

    public IReadOnlyList<string> Values { get; } = values;

    /// <summary>The texts that the class declares as constants, or the accounts.</summary>
    private static string[] NamesIn(Type names) => names == typeof(Account)
        ? [.. Enum.GetValues<Account>().Select(a => a.Name())]
        : [.. names.GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];
}
