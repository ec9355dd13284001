using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lifecycle.Postgres.Schema;

/// <summary>The advisory locks of a store. They are of the database, so each carries the name of the schema.</summary>
internal sealed class StoreLocks(string schema)
{
    /// <summary>Held while the tables are made or changed.</summary>
    public long Migrations { get; } = Key(schema, "migrations");

    /// <summary>
    /// Held by the process that has the store to itself, for as long as it runs; shared by those that share it.
    /// </summary>
    public long Owner { get; } = Key(schema, "owner");

    /// <summary>Held by a commit while it takes its positions, and by who takes the store over.</summary>
    public long Feed { get; } = Key(schema, "feed");

    /// <summary>Shared by what writes beside the journal; held alone by who takes the store over.</summary>
    public long Writes { get; } = Key(schema, "writes");

    /// <summary>
    /// Held by who changes the activations, from before the look at the clock until the commit; shared by who reads
    /// them.
    /// </summary>
    public long Programs { get; } = Key(schema, "programs");

    /// <summary>Held by who takes a member its right to write; shared by a contact that asks whether it has it.</summary>
    public long Members { get; } = Key(schema, "members");

    /// <summary>Held while the writers of the projection are looked through.</summary>
    public long Writers { get; } = Key(schema, "writers");

    /// <summary>One of the locks of <see cref="Engine.Store.IStore.LockAsync"/>.</summary>
    public long Stripe(int stripe) => Key(schema, $"stripe {stripe.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Proof of life of one writer of the projection.</summary>
    public long Writer(Guid writer) => Key(schema, $"writer {writer:N}");

    private static long Key(string schema, string purpose) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"lifecycle {schema} {purpose}")));
}
