using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Cli.Tests.Commands;

/// <summary><c>backup</c>, <c>restore</c> and <c>adopt</c>: what they print and how they end.</summary>
public sealed class BackupCommandsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lifecycle-cli-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_root, "data");

    private string Backup => Path.Combine(_root, "b.db");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_backup_beside_a_running_server_and_its_restore_say_what_there_is()
    {
        await using var engine = await OpenAsync(Data);
        var last = await FillAsync(engine, 3);

        var backup = await CommandRun.OfAsync("backup", "--data", Data, "--to", Backup);
        Assert.True(backup.ExitCode == 0, backup.Error);
        Assert.Contains("3 of 3 customers", backup.Out, StringComparison.Ordinal);
        Assert.Contains($"last recorded   {last}", backup.Out, StringComparison.Ordinal);
        Assert.Contains("installation.key is not in it", backup.Out, StringComparison.Ordinal);

        var to = Path.Combine(_root, "restored");
        var restore = await CommandRun.OfAsync("restore", "--from", Backup, "--data", to, "--until-position", "2");
        Assert.True(restore.ExitCode == 0, restore.Error);
        Assert.Contains("2 of 2 customers", restore.Out, StringComparison.Ordinal);
        Assert.Contains("left out        1 entries", restore.Out, StringComparison.Ordinal);
        Assert.Contains("Put the installation.key of this journal into", restore.Out, StringComparison.Ordinal);
        var verify = await CommandRun.OfAsync("verify", "--store", to);
        Assert.Equal((0, "2 entries of 2 customers, 0 violations"), (verify.ExitCode, verify.Out.Trim()));
    }

    [Fact]
    public async Task As_JSON_every_figure_has_a_name()
    {
        await using var engine = await OpenAsync(Data);
        var last = await FillAsync(engine, 2);
        var backup = (await CommandRun.OfAsync("backup", "--data", Data, "--to", Backup, "--with-key", "--json")).Json;
        Assert.Equal(Backup, backup.GetProperty("file").GetString());
        Assert.Equal(Path.ChangeExtension(Backup, ".key"), backup.GetProperty("key_file").GetString());
        Assert.Equal((2, 2), (backup.GetProperty("position").GetInt32(), backup.GetProperty("customers").GetInt32()));
        Assert.Equal($"{last}", backup.GetProperty("last_recorded_at").GetString());

        var to = Path.Combine(_root, "restored");
        var restore = (await CommandRun.OfAsync(
            "restore", "--from", Backup, "--data", to, "--until", $"{last}", "--installation-key",
            Path.ChangeExtension(Backup, ".key"), "--json")).Json;
        Assert.True(restore.GetProperty("restored").GetBoolean());
        Assert.True(restore.GetProperty("has_key").GetBoolean());
        Assert.Equal(0, restore.GetProperty("dropped").GetInt32());
        Assert.Equal(0, restore.GetProperty("violations_found").GetInt32());
        var epoch = restore.GetProperty("epoch").GetString();
        var adopt = (await CommandRun.OfAsync("adopt", "--data", to, "--json")).Json;
        Assert.Equal((true, 2), (adopt.GetProperty("adopted").GetBoolean(), adopt.GetProperty("position").GetInt32()));
        Assert.NotEqual(epoch, adopt.GetProperty("epoch").GetString());
        await using var again = await OpenAsync(to);
        Assert.Equal(adopt.GetProperty("epoch").GetString(), $"{again.Epoch}");
    }

    [Fact]
    public async Task What_cannot_be_done_exits_1_and_prints_nothing_but_why()
    {
        await using var engine = await OpenAsync(Data);
        await FillAsync(engine, 1);
        Assert.Equal(0, (await CommandRun.OfAsync("backup", "--data", Data, "--to", Backup)).ExitCode);

        await FailsAsync("exists", "backup", "--data", Data, "--to", Backup);
        await FailsAsync("There is no folder", "backup", "--data", Path.Combine(_root, "no"), "--to", _root);
        await FailsAsync("is inside the data folder", "backup", "--data", Data, "--to", Data);
        await FailsAsync("not empty", "restore", "--from", Backup, "--data", Data);
        await FailsAsync(
            "is a folder. Name the file", "restore", "--from", Backup, "--data", Path.Combine(_root, "to"),
            "--installation-key", Data);
        await FailsAsync("in use by process", "adopt", "--data", Data);
        await FailsAsync("names no Database", "adopt", "--postgres", "Host=localhost");
        await FailsAsync("cannot be reached", "adopt", "--postgres", "Host=127.0.0.1;Port=1;Database=d;Username=u");
    }

    [Fact]
    public async Task A_journal_that_is_not_whole_exits_1_and_names_what_is_wrong()
    {
        await using (var engine = await OpenAsync(Data)) await FillAsync(engine, 2);
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "journal.db")};Pooling=False"))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = "update journal set occurred_at = 1 where position = 2";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        var to = Path.Combine(_root, "restored");
        var restore = await FailsAsync("violation: chain", "restore", "--from", Data, "--data", to);
        Assert.Contains("--accept-violations", restore.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(to));
        await FailsAsync("Nothing was changed", "adopt", "--data", Data);
        var accepted = await CommandRun.OfAsync("restore", "--from", Data, "--data", to, "--accept-violations");
        Assert.Equal(0, accepted.ExitCode);
        Assert.Contains("1 violations in 2 entries", accepted.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup", "--with-key", "--overwrite", "--data", "--to")]
    [InlineData("restore", "--until", "--until-position", "--installation-key", "--accept-violations")]
    [InlineData("adopt", "--data", "--postgres", "--schema")]
    public async Task Help_explains_every_option(string command, params string[] options)
    {
        var run = await CommandRun.OfAsync(command, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.All(options, option => Assert.Contains(option, run.Out, StringComparison.Ordinal));
    }

    private static async Task<CommandRun> FailsAsync(string why, params string[] args)
    {
        var run = await CommandRun.OfAsync(args);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        return run;
    }

    private static Task<LifecycleEngine> OpenAsync(string folder) => LifecycleEngine.OpenAsync(
        new SqliteOpener(), new EngineSettings { Folder = folder }, new EngineOptions(), TimeProvider.System,
        NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>So many customers with one entry each; answers when the last was recorded.</summary>
    private static async Task<Instant> FillAsync(LifecycleEngine engine, int customers)
    {
        for (var i = 0; i < customers; i++)
        {
            var visit = new Domain.Inputs.Input.Event(Domain.Inputs.EventTypes.Visit, Domain.Inputs.EventData.Empty)
            {
                Source = "web", Id = "v", OccurredAt = Instant.From(DateTimeOffset.UtcNow),
            };
            Assert.IsType<Engine.Outcome.Accepted>(
                (await engine.Customers.ApplyAsync($"c-{i}", [new(visit)], Cancel))[0]);
        }

        return (await engine.Store.Journal.ReadFeedAsync(customers - 1, 1, Cancel))[0].RecordedAt;
    }
}
