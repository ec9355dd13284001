using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>Rows that the server cannot store: nobody but their customer suffers.</summary>
public sealed class RefusedRowsTests(TestServer server) : DatabaseTests(server)
{
    private const int Refused = 1212;

    [Theory]
    [InlineData("22021", "no character\0of a text")]
    [InlineData("54000", "an id that is longer than a page of an index")]
    public async Task An_id_that_cannot_be_stored_is_the_conflict_of_its_customer(string state, string id)
    {
        if (state == "54000") id = string.Concat(Enumerable.Range(0, 3000).Select(n => Hash($"{n}")));
        var log = new EventLog();
        var store = Keep(await TestServer.OpenAsync(Options(null, exclusive: true), log));
        var customers = Enumerable.Range(0, 20).Select(c => $"c{c}").ToArray();
        var result = await store.Journal.AppendAsync(
            Batch(customers.SelectMany(c => Rows(c, 1, 3))) with
            {
                Customers = [.. customers.Select(c => c == "c7" ? New(c) with { Id = id } : New(c))],
            },
            Cancel);
        Assert.Equal([Customer("c7")], result.Conflicts);
        Assert.Equal(1, log.Count(Refused));
        Assert.Equal(1, result.FirstPosition);
        Assert.Equal(57, (await ReadWholeAsync(store)).Count);
        Assert.Equal(19, (await store.Registry.ReadIdsAsync([.. customers.Select(Customer)], Cancel)).Count);
    }

    [Fact]
    public async Task Rows_that_a_rule_of_the_tables_refuses_are_the_conflict_of_their_customers()
    {
        await SqlAsync("alter table journal add check (octet_length(body) <> 77)");
        var log = new EventLog();
        var store = Keep(await TestServer.OpenAsync(Options(null, exclusive: true), log));
        await store.Journal.AppendAsync(Batch(Rows("known", 1, 2)), Cancel);
        var batch = Batch(
        [
            .. Enumerable.Range(0, 30).SelectMany(c => Rows($"c{c}", 1, 2)),
            .. Rows("bad", 1, 3, bodyBytes: 77), .. Rows("worse", 1, 1, bodyBytes: 77),
            // Beside them one that does not follow its head and one whose first event is known.
            Row("known", 2, "other"), Row("late", 1) with { EventKey = Row("known", 1).EventKey },
        ]);
        var result = await store.Journal.AppendAsync(batch, Cancel);
        CustomerKey[] conflicts = [Customer("bad"), Customer("worse"), Customer("known"), Customer("late")];
        Assert.Equal(conflicts.Order(), result.Conflicts.Order());
        Assert.Equal(2, log.Count(Refused));
        Assert.Equal(62, (await ReadWholeAsync(store)).Count);
    }

    [Fact]
    public async Task A_rule_that_is_checked_by_the_commit_is_found_out_too()
    {
        await SqlAsync(
            """
            create table allowed (customer uuid primary key);
            create function check_customer() returns trigger language plpgsql as $$
            begin
                if octet_length(new.body) = 77 then raise foreign_key_violation; end if;
                return null;
            end $$;
            create constraint trigger late after insert on journal deferrable initially deferred
                for each row execute function check_customer();
            """);
        var store = await OwnAsync();
        var result = await store.Journal.AppendAsync(
            Batch([.. Rows("ann", 1, 2), .. Rows("bad", 1, 1, bodyBytes: 77), .. Rows("cid", 1, 2)]), Cancel);
        Assert.Equal([Customer("bad")], result.Conflicts);
        Assert.Equal(4, (await ReadWholeAsync(store)).Count);
    }

    [Fact]
    public async Task What_is_refused_only_together_is_a_failure_of_all()
    {
        await SqlAsync(
            """
            create function check_count() returns trigger language plpgsql as $$
            begin
                if (select count(*) from fresh) > 1 then raise check_violation; end if;
                return null;
            end $$;
            create trigger many after insert on event_keys referencing new table as fresh
                for each statement execute function check_count();
            """);
        var store = await OwnAsync();
        await Assert.ThrowsAsync<StoreException>(
            () => store.Journal.AppendAsync(Batch(Row("ann", 1), Row("bob", 1)), Cancel));
        Assert.Equal(0, await store.Journal.ReadHeadAsync(Cancel));
        Assert.Equal(1, (await store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_missing_table_is_reported_at_once()
    {
        var store = await OwnAsync();
        await SqlAsync("drop table event_keys");
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel));
        Assert.Contains("a table is missing", failure.Message, StringComparison.Ordinal);
    }
}
