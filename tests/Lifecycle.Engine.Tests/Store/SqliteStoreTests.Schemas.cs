using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Engine.Tests.Store;

public sealed partial class SqliteStoreTests
{
    [Fact]
    public async Task A_journal_of_the_first_schema_keeps_what_it_holds()
    {
        await CloseAsync();
        foreach (var path in Directory.GetFiles(_folder)) File.Delete(path);
        // "lifc", as every file of ours is marked.
        Run("journal.db", SqliteSchema.Journal[0] + "pragma user_version = 1; pragma application_id = 1818846819;");
        Run(
            "journal.db",
            """
            insert into quarantine (id, key, source, reason, detail, body, received_at, times)
            values (7, x'000102030405060708090a0b0c0d0e0f', 'shop', 'unknown_currency', 'XXX', x'0708', 1000000, 3);
            insert into aliases values (x'00', 'ann', 0);
            """);

        await ReopenAsync();

        var item = await Store.Quarantine.FindAsync(7, Cancel);
        Assert.Equal(("shop", "unknown_currency", "XXX", 3), (item!.Source, item.Reason, item.Detail, item.Times));
        Assert.Equal((false, EventFormats.Event, null), (item.Historical, item.Format, item.Resolution));
        Assert.Equal("000102030405060708090a0b0c0d0e0f", item.Key.ToString());
        Assert.Equal(new byte[] { 7, 8 }, item.Body.ToArray());
        var again = new QuarantinedItem(item.Key, item.Source, item.Reason, item.Detail, item.Body, Start);
        await Store.Quarantine.AddAsync([again], Cancel);
        Assert.Equal(
            [(7L, 4L)],
            (await Store.Quarantine.ReadAsync(QuarantineFilter.Waiting, 0, 9, Cancel)).Select(i => (i.Id, i.Times)));
    }
}
