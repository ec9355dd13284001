using YamlDotNet.Core;

namespace Lifecycle.Engine.Programs.Yaml;

/// <summary>A place in the document; both count from 1.</summary>
internal readonly record struct Position(int Line, int Column)
{
    public static readonly Position Start = new(1, 1);
}

/// <summary>A piece of the document and where it starts.</summary>
internal abstract record DocumentNode(Position At)
{
    /// <summary>How messages name its kind.</summary>
    public abstract string Kind { get; }

    /// <param name="Index">Characters before it in the document.</param>
    public sealed record Scalar(Position At, string Text, ScalarStyle Style, int Index) : DocumentNode(At)
    {
        /// <summary>Nothing was written, or YAML's word for it.</summary>
        public bool IsNull => Style == ScalarStyle.Plain && Text is "" or "~" or "null" or "Null" or "NULL";

        public override string Kind => IsNull ? "nothing" : "a single value";
    }

    public sealed record List(Position At, IReadOnlyList<DocumentNode> Items) : DocumentNode(At)
    {
        public override string Kind => "a list";
    }

    public sealed record Map(Position At, IReadOnlyList<(Scalar Key, DocumentNode Value)> Entries) : DocumentNode(At)
    {
        public override string Kind => "a map of keys and values";
    }
}
