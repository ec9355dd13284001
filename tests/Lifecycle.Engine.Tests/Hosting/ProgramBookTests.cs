using Lifecycle.Domain.Time;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

public sealed class ProgramBookTests
{
    private static readonly string Slower = Default("pending: 14d", "pending: 30d");
    private static readonly string Dollars = Default("currency: EUR", "currency: USD");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_activation_rules_exactly_from_its_instant_on()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var book = fixture.Engine.Programs;
        var stored = Done(await book.StoreAsync(Slower, Cancel));
        var activation = Done(await book.ActivateAsync(2, null, Cancel));
        Assert.Equal((2, true), (stored.Value.Version, stored.IsNew));
        Assert.Equal(fixture.Clock.Now.Plus(ProgramBook.EffectiveDelay), activation.Value.EffectiveAt);
        await fixture.AdvanceAsync(ProgramBook.EffectiveDelay - TimeSpan.FromMicroseconds(1));
        await fixture.TakeAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.AdvanceAsync(TimeSpan.FromMicroseconds(1));
        await fixture.TakeAsync("bob", Some.Order("o-1", fixture.Clock.Now, 5_000));
        Assert.Equal(1, (await EntriesAsync(fixture, "ann"))[0].ProgramVersion);
        Assert.Equal(2, (await EntriesAsync(fixture, "bob"))[0].ProgramVersion);
    }

    [Fact]
    public async Task The_same_activation_again_is_the_same_also_after_it_took_effect()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var book = fixture.Engine.Programs;
        await book.StoreAsync(Slower, Cancel);
        var at = fixture.Clock.Now.PlusDays(1);
        var first = Done(await book.ActivateAsync(2, at, Cancel));
        Assert.Equal((first.Value, false), Of(await book.ActivateAsync(2, at, Cancel)));
        Assert.Equal((first.Value, false), Of(await book.ActivateAsync(2, null, Cancel)));
        await fixture.AdvanceAsync(TimeSpan.FromDays(2));
        fixture.Engine.Gate.ConfirmClock();
        Assert.Equal((first.Value, false), Of(await book.ActivateAsync(2, at, Cancel)));
        Assert.Equal((first.Value, false), Of(await book.ActivateAsync(2, null, Cancel)));
        Assert.Equal(2, (await fixture.Engine.Store.Registry.ReadActivationsAsync(Cancel)).All.Count);
    }

    [Fact]
    public async Task While_it_is_not_known_whether_a_change_was_stored_nothing_is_decided_past_its_instant()
    {
        TestRegistry registry = null!;
        await using var fixture = await EngineFixture.OpenAsync(store => registry = new TestRegistry(store));
        var book = fixture.Engine.Programs;
        await book.StoreAsync(Slower, Cancel);
        registry.FailAfterActivation = true;
        await Assert.ThrowsAsync<StoreException>(() => book.ActivateAsync(2, null, Cancel));

        await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));
        await fixture.TakeAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));
        registry.ReadsFail = true;
        await book.ConfirmAsync(Cancel);
        await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.SendAsync("ann", Some.Order("o-2", fixture.Clock.Now, 5_000)));
        await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));

        registry.ReadsFail = false;
        await book.ConfirmAsync(Cancel);
        await fixture.TakeAsync("ann", Some.Order("o-2", fixture.Clock.Now, 5_000));
        Assert.Equal([2, 2, 1], (await EntriesAsync(fixture, "ann")).Select(entry => entry.ProgramVersion));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_change_that_was_not_stored_changes_nothing()
    {
        TestRegistry registry = null!;
        await using var fixture = await EngineFixture.OpenAsync(store => registry = new TestRegistry(store));
        await fixture.Engine.Programs.StoreAsync(Slower, Cancel);
        registry.WritesFail = true;
        await Assert.ThrowsAsync<StoreException>(() => fixture.Engine.Programs.ActivateAsync(2, null, Cancel));
        await fixture.Engine.Programs.ConfirmAsync(Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(9));
        await fixture.TakeAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));
        Assert.Equal(1, (await EntriesAsync(fixture, "ann"))[0].ProgramVersion);
    }

    [Fact]
    public async Task What_another_process_changed_is_known_after_a_refresh_and_what_is_the_same_stays_the_same_object()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var book = fixture.Engine.Programs;
        var before = book.Schedule;
        await book.RefreshAsync(Cancel);
        Assert.Same(before, book.Schedule);
        var at = fixture.Clock.Now.PlusDays(1);
        var stored = await fixture.Engine.Store.Registry.AddProgramAsync(Slower, fixture.Clock.Now, Cancel);
        await fixture.Engine.Store.Registry.AddActivationAsync(
            stored.Version, at, fixture.Clock.Now, ActivationOrigins.Api, Cancel);
        await book.RefreshAsync(Cancel);
        Assert.Equal((at, 2), (book.Schedule.NextChangeAfter(fixture.Clock.Now), book.Schedule.At(at).Version));
    }

    [Fact]
    public async Task A_configured_document_is_taken_once_and_what_somebody_activated_since_stands()
    {
        using var file = new DocumentFile(Slower);
        await using var fixture = await EngineFixture.OpenAsync(program: file.Path);
        await fixture.TakeAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.Engine.Programs.StoreAsync(ShippedPrograms.Default, Cancel);
        await fixture.Engine.Programs.ActivateAsync(2, null, Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(5));
        await fixture.ReopenAsync(program: file.Path);
        Assert.Equal(2, fixture.Engine.Programs.Known.Last.Version);
        await fixture.ReopenAsync();
        Assert.Equal(2, fixture.Engine.Programs.Known.Last.Version);

        file.Write(Default("pending: 14d", "pending: 7d"));
        await fixture.ReopenAsync(program: file.Path);
        var taken = fixture.Engine.Programs.Known.Last;
        Assert.Equal((3, ActivationOrigins.Start), (taken.Version, taken.Origin));
        Assert.Equal(fixture.Clock.Now.Plus(ProgramBook.EffectiveDelay), taken.EffectiveAt);
    }

    [Fact]
    public async Task Before_the_first_entry_a_configured_document_rules_from_the_beginning_in_any_currency()
    {
        using var file = new DocumentFile(Dollars);
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.ReopenAsync(program: file.Path);
        Assert.Equal("USD", fixture.Engine.Programs.Schedule.At(Instant.Earliest).Currency);
        await fixture.TakeAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));

        file.Write(Slower);
        var failure = await Assert.ThrowsAsync<InvalidProgramDocumentException>(
            () => fixture.ReopenAsync(program: file.Path));
        Assert.Contains("are in USD", failure.Message, StringComparison.Ordinal);
        await fixture.OpenAgainAsync();
        Assert.Equal("USD", fixture.Engine.Programs.Schedule.At(fixture.Clock.Now).Currency);
    }

    [Fact]
    public async Task Another_currency_is_refused_at_its_place()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var answer = await fixture.Engine.Programs.StoreAsync(Dollars, Cancel);
        var error = Assert.Single(Assert.IsType<ProgramOutcome<StoredProgram>.Invalid>(answer).Errors);
        Assert.StartsWith("currency: USD", Dollars.Split('\n')[error.Line - 1], StringComparison.Ordinal);
        Assert.Equal("currency: ".Length + 1, error.Column);
    }

    private static string Default(string what, string with) =>
        ShippedPrograms.Default.Replace(what, with, StringComparison.Ordinal);

    private static async Task<IReadOnlyList<Domain.Entries.Entry>> EntriesAsync(EngineFixture fixture, string customer) =>
        (await fixture.Customers.EntriesAsync(customer, long.MaxValue, 100, Cancel))!;

    private static ProgramOutcome<T>.Done Done<T>(ProgramOutcome<T> outcome) =>
        Assert.IsType<ProgramOutcome<T>.Done>(outcome);

    private static (T Value, bool IsNew) Of<T>(ProgramOutcome<T> outcome) =>
        (Done(outcome).Value, Done(outcome).IsNew);

    private sealed class DocumentFile : IDisposable
    {
        public DocumentFile(string text) => Write(text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Write(string text) => File.WriteAllText(Path, text);

        public void Dispose() => File.Delete(Path);
    }
}
