using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Engine.Tests.Store;

public sealed partial class SqliteStoreTests
{
    private string ProjectionPath => Path.Combine(_folder, "projection.db");

    [Fact]
    public async Task Only_the_owner_can_read_the_files()
    {
        await FillAsync();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such modes there.");
        if (OperatingSystem.IsWindows()) return;
        foreach (var path in Directory.GetFiles(_folder, "*.db*"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_deleted_projection_is_made_anew()
    {
        await FillAsync();
        await CloseAsync();
        File.Delete(ProjectionPath);
        // A log that was left behind must not be played into the new file.
        await File.WriteAllTextAsync(ProjectionPath + "-wal", "old", Cancel);
        await ReopenAsync();
        await AssertProjectionIsEmptyAsync();
    }

    [Theory]
    [InlineData(0, 100_000)]
    [InlineData(16_384, 4_000)]
    public async Task A_damaged_projection_is_moved_aside_and_made_anew(int offset, int length)
    {
        await FillAsync();
        await CloseAsync();
        await using (var file = new FileStream(ProjectionPath, FileMode.Open))
        {
            file.Position = offset;
            file.Write(Enumerable.Repeat((byte)0xa5, length).ToArray());
        }

        await ReopenAsync();
        await AssertProjectionIsEmptyAsync();
        Assert.True(File.Exists(ProjectionPath + ".unusable"));
    }

    [Fact]
    public async Task Damage_that_is_met_in_use_is_mended_by_the_next_start()
    {
        await FillAsync();
        await CloseAsync();
        // As large a file is not checked at start; so the mark is made as a running server makes it.
        var file = SqliteFile.Projection(Options, marksDamage: true);
        var failure = file.Explain(new("database disk image is malformed", 11));
        Assert.Contains("rebuilt", failure.Message, StringComparison.Ordinal);
        await ReopenAsync();
        await AssertProjectionIsEmptyAsync();
        Assert.False(File.Exists(file.DamageMark));
    }

    [Fact]
    public async Task A_projection_ahead_of_its_journal_is_made_anew()
    {
        await FillAsync();
        await Store.Projection.WriteAsync([], 1000, Cancel);
        await ReopenAsync();
        await AssertProjectionIsEmptyAsync();
    }

    [Fact]
    public async Task A_projection_of_another_journal_is_made_anew()
    {
        await FillAsync();
        await CloseAsync();
        Run("projection.db", "update meta set value = 'another' where key = 'journal_id'");
        await ReopenAsync();
        await AssertProjectionIsEmptyAsync();
    }

    [Fact]
    public async Task A_read_only_store_reads_beside_a_writer()
    {
        await FillAsync();
        await using var reader = await SqliteStore.OpenReadOnlyAsync(_folder);
        await AppendAsync(Row("bob", 1));
        Assert.Equal(201, await reader.Journal.ReadHeadAsync(Cancel));
        Assert.Equal(200, await reader.Projection.ReadWatermarkAsync(Cancel));
        Assert.False((await reader.ConfirmOwnershipAsync(Cancel)).Held);
        var batch = Batch(Row("bob", 2));
        await Assert.ThrowsAsync<StoreException>(() => reader.Journal.AppendAsync(batch, Cancel));
        await Assert.ThrowsAsync<StoreException>(() => reader.Projection.WriteAsync([], 1, Cancel));
        await Assert.ThrowsAsync<StoreException>(() => reader.Registry.AddProgramAsync("program: a", Start, Cancel));
        Assert.Equal(202, (await Journal.AppendAsync(batch, Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_projection_of_the_first_schema_is_emptied_so_that_its_rows_are_made_anew()
    {
        await FillAsync();
        await CloseAsync();
        Run("projection.db", "drop table customers");
        Run("projection.db", SqliteSchema.Projection[0].Split(';', 2)[1]);
        Run("projection.db", "pragma user_version = 1");
        await ReopenAsync();

        Assert.Equal(0, await Store.Projection.ReadWatermarkAsync(Cancel));
        await Store.Projection.WriteAsync([Snapshot("ann", 3)], 3, Cancel);
        Assert.Equal(103, (await Store.Projection.ReadAsync(Customer("ann"), Cancel))!.Position);
    }

    [Fact]
    public async Task A_read_only_store_opens_a_folder_that_nobody_uses_and_changes_no_file()
    {
        await FillAsync();
        await CloseAsync();
        File.Delete(ProjectionPath);
        var before = await File.ReadAllBytesAsync(Path.Combine(_folder, "journal.db"), Cancel);
        await using (var reader = await SqliteStore.OpenReadOnlyAsync(_folder))
        {
            Assert.Equal(200, (await reader.Journal.ReadFeedAsync(0, 1000, Cancel)).Count);
            Assert.Equal(0, await reader.Projection.ReadWatermarkAsync(Cancel));
            Assert.Empty(await reader.Projection.ScanAsync(null, 10, Cancel));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(_folder, "journal.db"), Cancel));
        Assert.False(File.Exists(ProjectionPath));
    }

    [Fact]
    public async Task Programs_of_the_first_schema_are_activated_when_they_took_effect()
    {
        await CloseAsync();
        foreach (var path in Directory.GetFiles(_folder, "*.db*")) File.Delete(path);
        // As the first release wrote it; the id in the file says that it is ours.
        Run("journal.db", SqliteSchema.Journal[0]);
        Run(
            "journal.db",
            """
            insert into programs (version, document, effective_at) values (1, 'program: a', -62135596800000000);
            insert into programs (version, document, effective_at) values (2, 'program: b', 1790000000000000);
            pragma user_version = 1;
            pragma application_id = 1818846819;
            """);
        await ReopenAsync();
        Assert.Equal(
            [new(1, "program: a", Instant.Earliest), new StoredProgram(2, "program: b", new(1_790_000_000_000_000))],
            await Store.Registry.ReadProgramsAsync(Cancel));
        Assert.Equal(
            [(1, 1, Instant.Earliest, "start", null), (2, 2, new Instant(1_790_000_000_000_000), "start", (Instant?)null)],
            (await Store.Registry.ReadActivationsAsync(Cancel)).All
                .Select(a => ((int)a.Id, a.Version, a.EffectiveAt, a.Origin, a.WithdrawnAt)));
    }

    [Fact]
    public async Task A_read_only_store_needs_a_journal()
    {
        var empty = Path.Combine(_folder, "empty");
        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenReadOnlyAsync(empty));
        Assert.Contains("no journal", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(empty));
    }

    private async Task FillAsync()
    {
        await AppendAsync(Enumerable.Range(0, 200).Select(i => Row($"c{i}", 1)));
        await Store.Projection.WriteAsync(
            [.. Enumerable.Range(0, 200).Select(i => Snapshot($"c{i}", 1, stateBytes: 900))], 200, Cancel);
    }

    private async Task AssertProjectionIsEmptyAsync()
    {
        Assert.Equal(0, await Store.Projection.ReadWatermarkAsync(Cancel));
        Assert.Empty(await Store.Projection.ScanAsync(null, 10, Cancel));
        Assert.Equal(200, await Journal.ReadHeadAsync(Cancel));
        await Store.Projection.WriteAsync([Snapshot("c1", 1)], 200, Cancel);
        Assert.NotNull(await Store.Projection.ReadAsync(Customer("c1"), Cancel));
    }
}
