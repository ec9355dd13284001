using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>
/// What is beside the journal: what was added after the point does not act, what was taken away stays away.
/// </summary>
public sealed class RestoredRegistryTests : IDisposable
{
    private static readonly string Slower =
        ShippedPrograms.Default.Replace("pending: 14d", "pending: 30d", StringComparison.Ordinal);

    private readonly BackupFolders _folders = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task A_program_that_was_activated_later_does_not_rule_and_is_seen_as_withdrawn()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));
        var until = fixture.Clock.Now;
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.Engine.Programs.StoreAsync(Slower, Cancel);
        await fixture.Engine.Programs.ActivateAsync(2, null, Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.TakeAsync("bob", Some.Order("o-1", fixture.Clock.Now, 5_000));
        Assert.Equal(2, fixture.Engine.Programs.Known.ActiveAt(fixture.Clock.Now).Version);

        var (restored, summary) = await OpenAsync(fixture, until);
        await using var _ = restored;
        Assert.Equal(1, summary.Cut.WithdrawnActivations);
        var known = restored.Engine.Programs.Known;
        Assert.Equal((2, 2, 1), (known.Programs.Length, known.Activations.Length, known.Standing.Count()));
        Assert.Equal(1, known.ActiveAt(restored.Clock.Now).Version);
        await restored.TakeAsync("bob", Some.Order("o-1", restored.Clock.Now, 5_000));
        var pending = (await restored.Customers.ViewAsync("bob", PointInTime.Now, Cancel))!.NextChangeAt;
        Assert.Equal(restored.Clock.Now.PlusDays(14), pending);
        await restored.VerifyAsync();
    }

    [Fact]
    public async Task One_that_was_scheduled_before_stands_and_one_that_was_withdrawn_later_stays_so()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Visit("v", fixture.Clock.Now));
        await fixture.Engine.Programs.StoreAsync(Slower, Cancel);
        await fixture.Engine.Programs.ActivateAsync(2, fixture.Clock.Now.PlusDays(1), Cancel);
        await fixture.Engine.Programs.ActivateAsync(1, fixture.Clock.Now.PlusDays(2), Cancel);
        await fixture.TakeAsync("ann", Some.Visit("w", fixture.Clock.Now));
        var until = fixture.Clock.Now;
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.Engine.Programs.WithdrawAsync(3, Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromDays(3));

        var (restored, summary) = await OpenAsync(fixture, until);
        await using var _ = restored;
        Assert.Equal(0, summary.Cut.WithdrawnActivations);
        Assert.Equal([1L, 2], restored.Engine.Programs.Known.Standing.Select(a => a.Id));
        Assert.Equal(2, restored.Engine.Programs.Known.ActiveAt(restored.Clock.Now).Version);
    }

    [Fact]
    public async Task A_key_that_was_revoked_later_stays_revoked_and_one_that_was_made_later_works()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var registry = fixture.Engine.Store.Registry;
        await registry.AddApiKeyAsync(Key("old", fixture.Clock.Now), Cancel);
        await fixture.TakeAsync("ann", Some.Visit("v", fixture.Clock.Now));
        var until = fixture.Clock.Now;
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await registry.RevokeApiKeyAsync("old", fixture.Clock.Now, Cancel);
        await registry.AddApiKeyAsync(Key("new", fixture.Clock.Now), Cancel);

        var (restored, summary) = await OpenAsync(fixture, until);
        await using var _ = restored;
        Assert.Equal(1, summary.Cut.LaterKeys);
        var keys = await restored.Engine.Store.Registry.ReadApiKeysAsync(Cancel);
        Assert.Equal(["old revoked", "new"], keys.Select(k => k.RevokedAt is null ? k.Id : $"{k.Id} revoked"));
    }

    [Fact]
    public async Task A_quarantined_event_that_was_taken_later_waits_again_and_one_that_was_discarded_does_not()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var quarantine = fixture.Engine.Store.Quarantine;
        var start = fixture.Clock.Now;
        await quarantine.AddAsync([Item(1, start), Item(2, start), Item(3, start)], Cancel);
        await fixture.TakeAsync("ann", Some.Visit("v", start));
        await quarantine.SettleAsync([1], new(QuarantineResolutions.Replayed, start, "key"), [], Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        var later = fixture.Clock.Now;
        await fixture.TakeAsync("bob", Some.Visit("v", later));
        await quarantine.SettleAsync([2], new(QuarantineResolutions.Replayed, later, "key"), [], Cancel);
        await quarantine.SettleAsync([3], new(QuarantineResolutions.Discarded, later, "key", "spam"), [], Cancel);
        await quarantine.AddAsync([Item(4, later)], Cancel);

        var (restored, summary) = await OpenAsync(fixture, start);
        await using var _ = restored;
        Assert.Equal(1, summary.Cut.WaitingAgain);
        var items = await restored.Engine.Store.Quarantine.ReadAsync(QuarantineFilter.All, 0, 10, Cancel);
        Assert.Equal(
            ["1 replayed", "2 waits", "3 discarded", "4 waits"],
            items.Select(item => $"{item.Id} {item.Resolution?.How ?? "waits"}"));
    }

    [Fact]
    public async Task Of_who_has_no_entry_left_nothing_is_kept_but_that_a_key_was_destroyed()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var start = fixture.Clock.Now;
        var note = Some.Adjust("a-1", start, 10) with { Note = "private" };
        await fixture.TakeAsync("ann", note);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.TakeAsync("bob", note);
        await fixture.TakeAsync("cid", note);
        var file = (await _folders.BackUpAsync(fixture)).File;
        var destroyed = fixture.Engine.Secret.CustomerKeyOf("cid");
        BackupFolders.Sql(file, $"update keys set sealed = null where customer = x'{destroyed}'");

        var (folder, _) = await _folders.RestoreAsync(fixture, file, until: start);
        var journal = Path.Combine(folder, "journal.db");
        Assert.Equal("ann", BackupFolders.Sql(journal, "select group_concat(id) from aliases"));
        Assert.Equal(2L, BackupFolders.Sql(journal, "select count(*) from keys"));
        Assert.Equal(
            $"{destroyed}", BackupFolders.Sql(journal, "select lower(hex(customer)) from keys where sealed is null"));
        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
        await restored.TakeAsync("bob", note);
        await restored.VerifyAsync();
    }

    [Fact]
    public async Task An_id_that_came_in_the_same_instant_as_what_is_kept_goes_with_its_entries()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        foreach (var id in new[] { "ann", "bob", "cid" })
            await fixture.TakeAsync(id, Some.Visit("v", fixture.Clock.Now));
        var file = (await _folders.BackUpAsync(fixture)).File;
        var (folder, _) = await _folders.RestoreAsync(fixture, file, position: 2);
        Assert.Equal(
            "ann bob",
            BackupFolders.Sql(
                Path.Combine(folder, "journal.db"), "select group_concat(id, ' ' order by id) from aliases"));
    }

    [Fact]
    public async Task A_store_that_lost_its_programs_says_so_and_does_not_open()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var (folder, _) = await _folders.RestoreAsync(fixture, (await _folders.BackUpAsync(fixture)).File);
        BackupFolders.Sql(Path.Combine(folder, "journal.db"), "delete from programs");

        var failure = await Assert.ThrowsAsync<StoreException>(
            () => EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow()));

        Assert.Contains("has no program 1", failure.Message, StringComparison.Ordinal);
    }

    private async Task<(EngineFixture Restored, RestoreSummary Summary)> OpenAsync(EngineFixture fixture, Instant until)
    {
        var backup = await _folders.BackUpAsync(fixture);
        var (folder, summary) = await _folders.RestoreAsync(fixture, backup.File, until: until);
        return (await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow()), summary);
    }

    private static StoredApiKey Key(string id, Instant at) => new(id, id, new byte[32], ["ingest"], at, null);

    private static QuarantinedItem Item(long number, Instant at) =>
        new(new Hash16(1, (ulong)number), "shop", "missing_customer", "None.", new byte[] { 1 }, at);
}
