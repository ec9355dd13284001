using Orleans.Services;

namespace Lifecycle.Cluster.Customers;

/// <summary>
/// Takes what a request has for the customers of one process, in one message, and asks them there. There is one in each
/// process.
/// </summary>
[Alias("lifecycle.relay")]
internal interface IRelay : IGrainService
{
    /// <summary>Answers in the order of the calls; null for one that did not get to its customer in time.</summary>
    [Alias("apply")]
    Task<RelayedAnswers> ApplyAsync(RelayedCalls calls);
}

/// <param name="At">The customer who is asked.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.relayed_call")]
internal sealed record RelayedCall([property: Id(0)] Guid At, [property: Id(1)] ApplyCall Call);

[GenerateSerializer, Immutable, Alias("lifecycle.relayed_calls")]
internal sealed record RelayedCalls([property: Id(0)] RelayedCall[] Calls);

[GenerateSerializer, Immutable, Alias("lifecycle.relayed_answers")]
internal sealed record RelayedAnswers([property: Id(0)] ApplyAnswer?[] Answers);
