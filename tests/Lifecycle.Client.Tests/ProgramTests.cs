using System.Net;
using Lifecycle.Client.Tests.Support;

namespace Lifecycle.Client.Tests;

public sealed class ProgramTests(RealServer server) : IClassFixture<RealServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_checked_stored_once_and_compared()
    {
        using var client = Clients.To(server.Url);
        var start = await client.GetProgramsAsync(Cancel);
        var document = Pending(start.Document!, "21d");

        var check = await client.StoreProgramAsync(document, dryRun: true, Cancel);
        var stored = await client.StoreProgramAsync(document, cancel: Cancel);
        var again = await client.StoreProgramAsync(document, cancel: Cancel);
        var diff = await client.DiffProgramsAsync(stored.Version!.Value, 1, Cancel);
        var unsaved = await client.DiffProgramAsync(Pending(document, "22d"), stored.Version, Cancel);
        var none = await client.DiffProgramAsync(document, stored.Version, Cancel);

        Assert.Null(check.Version);
        Assert.Equal(("retail-default", document), (stored.Name, stored.Document));
        Assert.Equal(stored.Version, again.Version);
        Assert.Empty(stored.Activations);
        Assert.Equal(document, (await client.GetProgramAsync(stored.Version.Value, Cancel)).Document);
        Assert.Contains(stored.Version.Value, (await client.GetProgramsAsync(Cancel)).Stored.Select(p => p.Version));
        Assert.Equal([new("points.pending", "changed", "14d", "21d")], diff.Changes);
        Assert.Equal((1, stored.Version), (diff.From, diff.To));
        Assert.Equal(["~ points.pending: 21d -> 22d"], unsaved.Lines);
        Assert.Null(unsaved.To);
        Assert.Empty(none.Changes);
    }

    [Fact]
    public async Task What_is_wrong_with_a_document_is_told_by_line_and_column()
    {
        using var client = Clients.To(server.Url);
        var document = (await client.GetProgramAsync(1, Cancel)).Document;

        var failure = await Assert.ThrowsAsync<LifecycleException>(
            () => client.StoreProgramAsync(Pending(document, "soon"), cancel: Cancel));
        var unknown = await Assert.ThrowsAsync<LifecycleException>(() => client.GetProgramAsync(999, Cancel));

        var line = document.Split('\n').Index()
            .Single(l => l.Item.Trim().StartsWith("pending:", StringComparison.Ordinal));
        Assert.Equal("invalid_program", failure.Code);
        Assert.StartsWith($"{line.Index + 1}:", Assert.Single(failure.Errors).Key, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
    }

    [Fact]
    public async Task An_activation_is_scheduled_once_over_a_lossy_line_and_can_be_withdrawn()
    {
        await using var line = new LossyLine(server.Url);
        using var client = Clients.To(line.Url);
        var version = (await StoreAsync(client, "23d")).Version!.Value;
        var at = DateTimeOffset.UtcNow.AddDays(300);

        line.LoseAnswers(1);
        var scheduled = await client.ActivateProgramAsync(version, at, Cancel);
        var again = await client.ActivateProgramAsync(version, at, Cancel);
        var ahead = (await client.GetProgramsAsync(Cancel)).Scheduled!.Single(a => a.Version == version);
        line.LoseAnswers(1);
        await client.WithdrawActivationAsync(scheduled.Id, Cancel);
        await client.WithdrawActivationAsync(scheduled.Id, Cancel);

        Assert.Equal(2, line.AnswersLost);
        Assert.Equal((version, "scheduled", "api"), (scheduled.Version, scheduled.Status, scheduled.Origin));
        Assert.Equal((scheduled.Id, scheduled.Id), (again.Id, ahead.Id));
        Assert.InRange((scheduled.EffectiveAt!.Value - at).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            ["withdrawn"], (await client.GetProgramAsync(version, Cancel)).Activations.Select(a => a.Status));
        var never = await Assert.ThrowsAsync<LifecycleException>(
            () => client.ActivateProgramAsync(version, DateTimeOffset.UtcNow.AddDays(500), Cancel));
        Assert.Equal("invalid_effective_at", never.Code);
    }

    [Fact]
    public async Task A_version_that_is_activated_rules_as_soon_as_allowed()
    {
        await using var own = new RealServer();
        await own.InitializeAsync();
        using var client = Clients.To(own.Url);
        var version = (await StoreAsync(client, "24d")).Version!.Value;

        var activation = await client.ActivateProgramAsync(version, cancel: Cancel);
        var programs = await client.GetProgramsAsync(Cancel);
        while (programs.Active != version) programs = await client.GetProgramsAsync(Cancel);
        var calculation = await client.CalculateAsync("c", new() { Currency = "EUR", AmountMinor = 500 }, Cancel);

        Assert.Equal("active", programs.Stored.Single(p => p.Version == version).Activations!.Single().Status);
        Assert.True(calculation.At >= activation.EffectiveAt);
        // The basket is of the instant that it was read, the answer of the one that it was decided.
        Assert.InRange((calculation.Rules[0].AvailableAt - calculation.At)!.Value.TotalDays, 23.99, 24);
        var late = await Assert.ThrowsAsync<LifecycleException>(
            () => client.WithdrawActivationAsync(activation.Id, Cancel));
        Assert.Equal("activation_in_effect", late.Code);
    }

    private static async Task<ProgramDocument> StoreAsync(LifecycleClient client, string pending)
    {
        var first = await client.GetProgramAsync(1, Cancel);
        return await client.StoreProgramAsync(Pending(first.Document, pending), cancel: Cancel);
    }

    /// <summary>The document with points that wait for another while.</summary>
    private static string Pending(string document, string pending)
    {
        var lines = document.Split('\n');
        var at = Array.FindIndex(lines, l => l.Trim().StartsWith("pending:", StringComparison.Ordinal));
        lines[at] = $"{lines[at][..lines[at].IndexOf(':')]}: {pending}";
        return string.Join('\n', lines);
    }
}
