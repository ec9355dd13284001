using System.Security.Cryptography;
using System.Text;

namespace Lifecycle.Compliance;

/// <summary>The same results, refusals and receipts on every host.</summary>
public abstract partial class CustomersCompliance
{
    /// <summary>What the transcript of a script must hold, or the script leaves it out.</summary>
    private static readonly string[] Kinds =
    [
        "Accepted{", "Replayed=True", "Refused{", "Unacceptable{", "IdReused{", "Stale{", "WhatIfAnswer{",
        "ArgumentOutOfRangeException", "ArgumentException", "CustomerView{", "StatusReading{", "Extent{",
        "Explanation{", "Entry{", "CustomerIds{", "Tick{", "Matured", "expired", "ReturnMatched", "ReturnAwaited",
        "Joined{", "Left{", "Split{", "Rejoined{", "Settled{", "same_id", "not_an_alias", "insufficient_points",
        "Customer=\"", "Churned", "-> -",
    ];

    [Fact]
    public async Task A_script_of_every_call_is_answered_word_for_word_as_by_the_simplest_host()
    {
        const int seed = 1;
        var simplest = await EmbeddedHost.OpenAsync(Cancel);
        await using var running = simplest.Running!;
        var expected = await new CustomersScript(seed, simplest, _test).PlayAsync(Cancel);
        var found = await new CustomersScript(seed, Host, _test).PlayAsync(Cancel);
        for (var i = 0; i < Math.Min(expected.Count, found.Count); i++)
            if (expected[i] != found[i])
                Assert.Fail($"Seed {seed}. The simplest host says\n{expected[i]}\nand this one\n{found[i]}");

        Assert.Equal(HashOf(expected), HashOf(found));
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {found.Count} lines, {HashOf(found)}");
        var text = string.Join('\n', found);
        Assert.Empty(Kinds.Where(kind => !text.Contains(kind, StringComparison.OrdinalIgnoreCase)));
    }

    private static string HashOf(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
}
