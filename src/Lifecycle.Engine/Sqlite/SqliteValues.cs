using System.Runtime.InteropServices;
using System.Text.Json;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lifecycle.Engine.Sqlite;

/// <summary>How our types are stored: hashes and bodies as blobs, instants as integer microseconds.</summary>
internal static class SqliteValues
{
    /// <summary>The array behind the memory where that is all of it.</summary>
    public static byte[] ToBlob(this ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array is { } array && array.Length == bytes.Length
            ? array
            : bytes.ToArray();

    public static object? ToColumn(this Instant? instant) => instant?.Micros;

    // The reader's own access to blobs makes an array for sixteen bytes.
    public static Hash16 GetHash(this SqliteDataReader reader, int column) =>
        Hash16.Read(raw.sqlite3_column_blob(reader.Handle, column));

    public static CustomerKey GetCustomer(this SqliteDataReader reader, int column) => new(reader.GetHash(column));

    public static Instant GetInstant(this SqliteDataReader reader, int column) => new(reader.GetInt64(column));

    public static Instant? GetInstantOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInstant(column);

    public static byte[] GetBlob(this SqliteDataReader reader, int column) =>
        raw.sqlite3_column_blob(reader.Handle, column).ToArray();

    /// <summary>A list as one parameter, for <c>json_each</c>: one statement, whatever the number.</summary>
    public static string ToJsonList(this IEnumerable<long> values) => "[" + string.Join(',', values) + "]";

    /// <summary>The same for keys, as hexadecimal text for <c>unhex</c>.</summary>
    public static string ToJsonList(this IEnumerable<Hash16> values) =>
        "[" + string.Join(',', values.Select(v => $"\"{v}\"")) + "]";

    public static string ToJson(this IReadOnlyList<string> values) => JsonSerializer.Serialize(values);

    public static IReadOnlyList<string> GetTexts(this SqliteDataReader reader, int column) =>
        JsonSerializer.Deserialize<string[]>(reader.GetString(column)) ?? [];
}
