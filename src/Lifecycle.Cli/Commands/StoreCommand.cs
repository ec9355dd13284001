using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Lifecycle.Cli.Output;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Cli.Commands;

/// <summary>What commands that work on a store itself, and not on a server, have in common.</summary>
internal static class StoreCommand
{
    public static Option<string?> DataOption(string description, bool required) => new("--data")
    {
        Description = description, HelpName = "FOLDER", Required = required,
    };

    public static Option<bool> AcceptOption(string description) => new("--accept-violations")
    {
        Description = description,
    };

    /// <exception cref="CommandFailedException">The store cannot be used, or an option of it is wrong.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (failure is StoreException or ValidationException)
        {
            throw new CommandFailedException(failure.Message, failure);
        }
    }

    /// <summary>Names the violations, and why nothing was done if it was not.</summary>
    /// <param name="instead">What to do, beside accepting them.</param>
    /// <returns>The exit code.</returns>
    public static int End(Surroundings surroundings, bool done, VerificationReport report, string instead)
    {
        if (report.ViolationsFound > 0) StoreText.WriteViolations(surroundings.Error, report);
        if (done) return ExitCodes.Done;
        surroundings.Error.WriteLine(
            $"{instead} all the same with --accept-violations: customers whose journal cannot be folded are then not " +
            "served, all others are.");
        return ExitCodes.Failed;
    }
}
