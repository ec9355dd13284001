using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>The programs of the installation as they were last read: immutable, replaced as a whole.</summary>
/// <param name="Programs">By version.</param>
/// <param name="Activations">In the order in which they were scheduled, withdrawn ones too.</param>
/// <param name="Schedule">What the activations that stand make.</param>
/// <param name="Mark">Names this state of the activations; no other state ever has it.</param>
public sealed record KnownPrograms(
    ImmutableArray<StoredProgram> Programs, ImmutableArray<StoredActivation> Activations, ProgramSchedule Schedule,
    string Mark)
{
    /// <summary>Those that were not withdrawn; each takes effect at or after the one before.</summary>
    public IEnumerable<StoredActivation> Standing => Activations.Where(a => a.WithdrawnAt is null);

    /// <summary>The one that was scheduled last and stands.</summary>
    public StoredActivation Last => Standing.Last();

    /// <summary>The one under which inputs are decided at an instant.</summary>
    public StoredActivation ActiveAt(Instant instant) =>
        Standing.LastOrDefault(a => a.EffectiveAt <= instant) ?? Standing.First();

    public StoredProgram? Find(int version) => Programs.FirstOrDefault(p => p.Version == version);

    /// <summary>The mark of a list of activations: withdrawn ones count, so that it never comes back.</summary>
    internal static string MarkOf(IEnumerable<StoredActivation> activations)
    {
        var text = new StringBuilder();
        foreach (var a in activations)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{a.Id} {a.Version} {a.EffectiveAt.Micros} {(a.WithdrawnAt is null ? '+' : '-')}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
