using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Engine.Tests.Ingest;

public sealed class EventReaderProperties
{
    private static readonly byte[][] Splices =
    [
        "null"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "\""u8.ToArray(), "1e400"u8.ToArray(), "-"u8.ToArray(),
        "\\ud800"u8.ToArray(), "\\u0000"u8.ToArray(), [0], [0xFF], [0xEF, 0xBB, 0xBF], "[[["u8.ToArray(), ","u8.ToArray(),
        "\"id\":"u8.ToArray(), "99999999999999999999"u8.ToArray(), "\"\""u8.ToArray(), ":"u8.ToArray(), "1.5"u8.ToArray(),
    ];

    [Fact]
    public void No_mutation_of_an_order_makes_the_reader_throw_and_what_it_takes_is_sound()
    {
        var mutation =
            from at in Gen.Choose(0, 10_000)
            from cut in Gen.Choose(0, 6)
            from splice in Gen.Elements(Splices)
            select (at, cut, splice);
        var property = Prop.ForAll(mutation.ListOf().Resize(5).ToArbitrary(), mutations =>
        {
            var body = Encoding.UTF8.GetBytes(EventReaderTests.Order);
            foreach (var (at, cut, splice) in mutations) body = Mutate(body, at, cut, splice);
            var batch = EventReader.Read(body, EventReaderTests.Now, EventReaderTests.Limits);
            return (batch.Malformed is null || batch.Events.IsEmpty) && batch.Events.All(IsSound);
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    private static byte[] Mutate(byte[] body, int at, int cut, byte[] splice)
    {
        at %= body.Length + 1;
        return [.. body[..at], .. splice, .. body[Math.Min(at + cut, body.Length)..]];
    }

    private static bool IsSound(EventRead read)
    {
        if (read.Event is null) return read.Problem is { Reason.Length: > 0, Errors.Count: > 0 };
        var document = read.Event.Data.Private;
        if (!document.IsEmpty) using (JsonDocument.Parse(document, new() { AllowDuplicateProperties = true }))
        {
        }

        return read.Problem is null && Ids.Fault(read.Event.Id) is null && Ids.Fault(read.Customer!) is null;
    }
}
