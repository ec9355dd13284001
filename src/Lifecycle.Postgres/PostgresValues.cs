using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.Postgres;

/// <summary>
/// How our types are stored: keys and hashes as uuid with their bytes as they are, instants as timestamptz.
/// </summary>
internal static class PostgresValues
{
    /// <summary>Microseconds from our epoch, 1970, to the server's, 2000.</summary>
    private const long EpochMicros = 946_684_800_000_000;

    public static Guid ToGuid(this Hash16 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash16.Size];
        hash.Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public static Guid ToGuid(this CustomerKey customer) => customer.Value.ToGuid();

    public static Hash16 ToHash(this Guid guid)
    {
        Span<byte> bytes = stackalloc byte[Hash16.Size];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return Hash16.Read(bytes);
    }

    /// <summary>As the server counts: never is infinity, which its largest number stands for.</summary>
    public static long ToServer(this Instant instant) =>
        instant == Instant.Never ? long.MaxValue
        : instant.Micros < long.MinValue + EpochMicros ? long.MinValue
        : instant.Micros - EpochMicros;

    public static Instant FromServer(long micros) =>
        micros is long.MaxValue or long.MinValue ? new(micros) : new(micros + EpochMicros);

    public static NpgsqlParameter Of(long value) => new NpgsqlParameter<long> { TypedValue = value };

    public static NpgsqlParameter Of(int value) => new NpgsqlParameter<int> { TypedValue = value };

    public static NpgsqlParameter Of(bool value) => new NpgsqlParameter<bool> { TypedValue = value };

    public static NpgsqlParameter Of(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value };

    public static NpgsqlParameter Of(CustomerKey value) => Of(value.ToGuid());

    public static NpgsqlParameter Of(Hash16 value) => Of(value.ToGuid());

    public static NpgsqlParameter Of(Instant value) => new NpgsqlParameter<long>
    {
        TypedValue = value.ToServer(), NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };

    public static NpgsqlParameter Of(ReadOnlyMemory<byte> value) =>
        new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = value };

    public static NpgsqlParameter Of(string? value) => OrNull(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Of(Guid? value) => OrNull(value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Of(long? value) => OrNull(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(bool? value) => OrNull(value, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Of(Instant? value) => OrNull(value?.ToServer(), NpgsqlDbType.TimestampTz);

    /// <summary>A list as one parameter: an array, or a list of its elements.</summary>
    public static NpgsqlParameter Of<T>(IReadOnlyList<T> values) => new() { Value = values };

    public static NpgsqlParameter Of(IEnumerable<Hash16> values) => Of<Guid>([.. values.Select(ToGuid)]);

    public static NpgsqlParameter Of(IEnumerable<CustomerKey> values) => Of<Guid>([.. values.Select(ToGuid)]);

    /// <summary>Instants as an array.</summary>
    public static NpgsqlParameter OfInstants(IReadOnlyList<long> values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter OfInstantsOrNull(IReadOnlyList<long?> values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    public static Hash16 GetHash(this NpgsqlDataReader reader, int column) => reader.GetGuid(column).ToHash();

    public static CustomerKey GetCustomer(this NpgsqlDataReader reader, int column) => new(reader.GetHash(column));

    public static Instant GetInstant(this NpgsqlDataReader reader, int column) =>
        FromServer(reader.GetFieldValue<long>(column));

    public static Instant? GetInstantOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInstant(column);

    public static byte[] GetBytes(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static string? GetTextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
