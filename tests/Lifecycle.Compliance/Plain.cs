using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Store;

namespace Lifecycle.Compliance;

/// <summary>
/// Answers as text that is the same on every host: without times of the clock, and with names for the keys that an
/// installation's secret makes.
/// </summary>
internal sealed partial class Plain(InstallationSecret secret, string test, params string[] names)
{
    /// <summary>What is later is of the clock; what tests make up is older.</summary>
    private static readonly Instant Clock = Instant.From(new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>What depends on the clock or the secret in another way than as a time or a key of a customer.</summary>
    private static readonly HashSet<string> Left =
        ["RecordedAt", "EventKey", "BodyHash", "Memo", "Part", "Goes", "Stays"];

    /// <summary>How long ago something was.</summary>
    private static readonly HashSet<string> Ages = ["RecencyDays", "Silent", "Evidence"];

    private readonly Dictionary<Hash16, string> _names = names.ToDictionary(
        name => secret.CustomerKeyOf($"{name}.{test}").Value);

    /// <summary>Of a view as of the clock no ages are told.</summary>
    public string Text(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, value is CustomerView { AsOf: var asOf } && asOf < Clock);
        return text.ToString();
    }

    private void Write(StringBuilder text, object? value, bool ages)
    {
        switch (value)
        {
            case null:
                text.Append('-');
                break;
            case string said:
                text.Append('"').Append(Said(said)).Append('"');
                break;
            case Instant instant:
                text.Append(instant < Clock || instant == Instant.Never ? instant.ToString() : "now");
                break;
            case Hash16 hash:
                text.Append(_names.GetValueOrDefault(hash, "#"));
                break;
            case Field field:
                text.Append(field.Name);
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Encoding.UTF8.GetString(bytes.Span));
                break;
            case KnownStatus known:
                Write(text, known.Status, ages);
                break;
            case ITuple tuple:
                WriteAll(text, Enumerable.Range(0, tuple.Length).Select(i => tuple[i]), ages);
                break;
            case IEnumerable<Effect> effects:
                WriteSums(text, effects.Select(effect => effect is Effect.PointsMoved moved
                    ? ((object)(moved with { Points = 0 }), moved.Points)
                    : (effect, 0)));
                break;
            case IEnumerable<ExpiringPoints> expiring:
                WriteSums(text, expiring.Select(points => ((object)points.ExpiresAt, points.Points)));
                break;
            case IEnumerable all:
                WriteAll(text, all.Cast<object?>(), ages);
                break;
            case Enum or decimal or UInt128 or TimeSpan:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            default:
                if (value.GetType().IsPrimitive) text.Append(CultureInfo.InvariantCulture, $"{value}");
                else WriteMembers(text, value, ages);
                break;
        }
    }

    private void WriteAll(StringBuilder text, IEnumerable<object?> values, bool ages)
    {
        text.Append('[');
        foreach (var value in values)
        {
            Write(text, value, ages);
            text.Append(' ');
        }

        text.Append(']');
    }

    /// <summary>Lots whose dates are of the clock may be one or several: only their sum is told.</summary>
    private void WriteSums(StringBuilder text, IEnumerable<(object What, long Points)> values) =>
        WriteAll(
            text,
            values.GroupBy(value => Text(value.What))
                .Select(group => (object)(group.Key, group.Sum(value => value.Points))),
            false);

    private void WriteMembers(StringBuilder text, object value, bool ages)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (var member in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (Left.Contains(member.Name) || (!ages && Ages.Contains(member.Name))) continue;
            if (member.GetIndexParameters().Length > 0) continue;
            text.Append(member.Name).Append('=');
            Write(text, member.GetValue(value), ages);
            text.Append(' ');
        }

        text.Append('}');
    }

    private string Said(string text)
    {
        if (text.EndsWith($".{test}", StringComparison.Ordinal)) text = text[..^(test.Length + 1)];
        text = Key().Replace(
            text, key => _names.GetValueOrDefault(Hash16.Read(Convert.FromHexString(key.Value)), "#"));
        return Time().Replace(text, "now");
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Key();

    [GeneratedRegex(@"20[2-9]\d-\d\d-\d\dT[0-9:.]+Z")]
    private static partial Regex Time();
}
