using System.Text.Json;
using Lifecycle.Analytics.Verification;
using Lifecycle.Cli.Output;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Cli.Commands;

/// <summary>Verifies a store without a server, or beside one: it only reads.</summary>
internal static class OfflineVerification
{
    /// <summary>The answer that the API would give.</summary>
    /// <exception cref="CommandFailedException">There is no journal, or it cannot be read.</exception>
    public static Task<JsonElement> RunAsync(
        Func<Task<IStore>> open, Surroundings surroundings, CancellationToken cancel) =>
        StoreCommand.RunAsync(async () =>
        {
            await using var store = await open();
            var progress = new Progress(surroundings, "Verifying", "entries");
            var report = await progress.RunAsync(
                await store.Journal.ReadHeadAsync(cancel),
                () => Verifier.VerifyAsync(store, new Told(progress), cancel));
            var ids = await VerificationJson.ReadIdsAsync(store.Registry, report, cancel);
            var body = JsonOut.Body(json => VerificationJson.Write(json, report, ids));
            return JsonSerializer.Deserialize<JsonElement>(body.Span);
        });

    private sealed class Told(Progress progress) : IProgress<VerificationProgress>
    {
        public void Report(VerificationProgress value) => progress.Set(value.Entries);
    }
}
