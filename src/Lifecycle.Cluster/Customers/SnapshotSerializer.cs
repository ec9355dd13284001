using Orleans.Storage;

namespace Lifecycle.Cluster.Customers;

/// <summary>The bytes as they are, instead of JSON around them.</summary>
internal sealed class SnapshotSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(((CustomerSnapshot)(object)input!).Bytes);

    public T Deserialize<T>(BinaryData input) =>
        (T)(object)new CustomerSnapshot { Bytes = input.ToArray() };
}
