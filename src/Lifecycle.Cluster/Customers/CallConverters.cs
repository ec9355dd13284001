using Lifecycle.Engine.Codec;

namespace Lifecycle.Cluster.Customers;

/// <summary>What travels instead of an object of the engine.</summary>
[GenerateSerializer, Immutable, Alias("lifecycle.packed")]
internal struct Packed
{
    [Id(0)]
    public byte[] Bytes;
}

[RegisterConverter]
internal sealed class InputsConverter : IConverter<Inputs, Packed>
{
    public Inputs ConvertFromSurrogate(in Packed surrogate) => new(CallCodec.ReadDeliveries(surrogate.Bytes));

    public Packed ConvertToSurrogate(in Inputs value) => new() { Bytes = CallCodec.Write(value.Deliveries) };
}

[RegisterConverter]
internal sealed class DecidedConverter : IConverter<Decided, Packed>
{
    public Decided ConvertFromSurrogate(in Packed surrogate) => new(CallCodec.ReadAnswer(surrogate.Bytes));

    public Packed ConvertToSurrogate(in Decided value) => new() { Bytes = CallCodec.Write(value.Answer) };
}

[RegisterConverter]
internal sealed class KnownHeadConverter : IConverter<KnownHead, Packed>
{
    public KnownHead ConvertFromSurrogate(in Packed surrogate) => new(CallCodec.ReadHead(surrogate.Bytes));

    public Packed ConvertToSurrogate(in KnownHead value) => new() { Bytes = CallCodec.Write(value.Head) };
}

[RegisterConverter]
internal sealed class StatusConverter : IConverter<Status, Packed>
{
    public Status ConvertFromSurrogate(in Packed surrogate) => new(new(CallCodec.ReadStatus(surrogate.Bytes)));

    public Packed ConvertToSurrogate(in Status value) => new() { Bytes = CallCodec.Write(value.Known.Status) };
}
