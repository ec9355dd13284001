using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Ingest;

public sealed class QuarantineIntakeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_kept_is_sealed_counted_once_and_can_be_opened_again()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var (store, secret) = (fixture.Engine.Store, fixture.Engine.Secret);
        var intake = new QuarantineIntake(store, secret, fixture.Clock);
        var body = """{"type":"visit","customer":"Zwetschgenmus"}"""u8.ToArray();
        for (var i = 0; i < 2; i++) await intake.KeepAsync([new("web", "odd", "for the test", body)], Cancel);
        var item = Assert.Single(await store.Quarantine.ReadAsync(QuarantineFilter.Waiting, 0, 10, Cancel));
        Assert.Equal(2, item.Times);
        Assert.Equal(-1, item.Body.Span.IndexOf("Zwetschgen"u8));
        Assert.Equal(body, new CustomerSealer(secret).UnsealQuarantined(item.Key, item.Body.Span));
        Assert.Equal(body, intake.Open(item));
        Assert.Null(intake.Open(item with { Key = default }));
    }
}
