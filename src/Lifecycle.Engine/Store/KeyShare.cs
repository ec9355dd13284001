namespace Lifecycle.Engine.Store;

/// <summary>One of several equal parts of all customers, by their keys.</summary>
/// <param name="Index">0 to <paramref name="Count"/> - 1.</param>
/// <param name="Count">1 or more.</param>
public readonly record struct KeyShare(int Index, int Count)
{
    public static readonly KeyShare All = new(0, 1);
}
