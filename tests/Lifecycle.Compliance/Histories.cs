using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Compliance;

/// <summary>Rows that follow each other as the journal wants them; the bodies are bytes without a meaning.</summary>
public static class Histories
{
    public static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public static CustomerKey Customer(string name) => new(Hash(name));

    public static Hash16 Hash(string text) => Hash16.Read(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The rows from one seq to another of a customer's history; another branch has other hashes.</summary>
    public static JournalRow[] Rows(string customer, int from, int to, string branch = "main", int bodyBytes = 40) =>
    [
        .. Enumerable.Range(from, to - from + 1).Select(seq => new JournalRow(
            Customer(customer), seq, Hash($"key {customer} {branch} {seq}"), Start.Plus(seq), Start.Plus(seq + 1),
            Start.Plus(seq + 2), HashOf(customer, branch, seq - 1), HashOf(customer, branch, seq),
            Body($"{customer} {branch} {seq}", bodyBytes))),
    ];

    public static JournalRow Row(string customer, int seq, string branch = "main") =>
        Rows(customer, seq, seq, branch)[0];

    public static Hash16 HashOf(string customer, string branch, int seq) =>
        seq == 0 ? Hash16.Zero : Hash($"{customer} {branch} {seq}");

    public static JournalBatch Batch(params IEnumerable<JournalRow> rows) =>
        new([.. rows.OrderBy(r => r.Customer).ThenBy(r => r.Seq)], [], []);

    public static NewCustomer New(string customer) => new(Customer(customer), "id of " + customer, Start);

    public static NewCustomerSecret Secret(string customer, string secret = "secret") =>
        new(Customer(customer), Encoding.UTF8.GetBytes(secret));

    public static CustomerRow Snapshot(string customer, int seq, Instant? dueAt = null, int stateBytes = 60) => new(
        Customer(customer), seq, 100 + seq, HashOf(customer, "main", seq), Start.Plus(seq), Start.Plus(seq + 1),
        dueAt ?? Instant.Never, "Growing", 10 + seq, -20, 30, 40, 50_000, Start, null,
        Body($"{customer} {seq}", stateBytes));

    private static byte[] Body(string seed, int length)
    {
        var bytes = new byte[length];
        new Random(BitConverter.ToInt32(Hash(seed).ToArray())).NextBytes(bytes);
        return bytes;
    }
}
