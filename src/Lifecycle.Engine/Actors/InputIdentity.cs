using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>What tells one input from another.</summary>
/// <param name="Key">The event key; null for a tick.</param>
/// <param name="BodyHash">Tells another body under the same key.</param>
/// <param name="Addressed">The key of the id that the input named.</param>
internal readonly record struct InputIdentity(Hash16? Key, Hash16 BodyHash, CustomerKey Addressed)
{
    public static InputIdentity Of(InstallationSecret secret, CustomerKey addressed, Delivery delivery)
    {
        var input = delivery.Input;
        using var body = ByteWriter.Rent();
        InputCodec.Write(body, input);
        body.Bytes(InputCodec.PrivateOf(input).Span);
        if (input is Input.Event && !delivery.TimeAssigned) body.Time(delivery.ClaimedAt ?? input.OccurredAt);
        return new(
            secret.EventKeyOf(addressed, input.Source, input.Id), secret.BodyHashOf(body.Written), addressed);
    }
}
