using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lifecycle.Fuzz;

/// <summary>A response in memory. It has started once anything was written, as on a wire.</summary>
internal sealed class ResponseFeature : IHttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = [];

    public ResponseFeature() => Written = new(this);

    public WrittenStream Written { get; }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; } = Stream.Null;

    public bool HasStarted { get; private set; }

    public void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state)
    {
    }

    private void Start()
    {
        if (HasStarted) return;
        HasStarted = true;
        foreach (var (callback, state) in _starting) callback(state).GetAwaiter().GetResult();
    }

    /// <summary>Ends an answer that would not end by itself.</summary>
    internal sealed class WrittenStream(ResponseFeature response) : MemoryStream
    {
        private const int BytesMax = 256 << 20;

        public override void Write(byte[] buffer, int offset, int count)
        {
            response.Start();
            if (Length + count > BytesMax) throw new InvalidDataException("The answer has no end.");
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer, offset, count);
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Flush() => response.Start();

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            response.Start();
            return Task.CompletedTask;
        }
    }
}
