using System.Buffers;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Wire;

/// <summary>A request's whole body in one rented piece; given back when disposed.</summary>
internal sealed class Body : IDisposable
{
    private const int FirstBytes = 16 << 10;

    private byte[] _bytes;
    private int _length;

    private Body(int size) => _bytes = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <exception cref="ProblemException">It is larger than <paramref name="max"/>.</exception>
    public static async Task<Body> ReadAsync(HttpRequest request, int max)
    {
        if (request.ContentLength > max) throw TooLarge(max);
        if (request.Headers.ContentEncoding is [{ } coding] && coding != "identity")
            throw new ProblemException(
                ProblemCodes.UnsupportedMediaType, "A body is taken as it is: send it without Content-Encoding.");
        var body = new Body((int)(request.ContentLength ?? Math.Min(FirstBytes, max)) + 1);
        try
        {
            await body.FillAsync(request.Body, max, request.HttpContext.RequestAborted);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    private async Task FillAsync(Stream stream, int max, CancellationToken cancel)
    {
        int read;
        while ((read = await stream.ReadAsync(_bytes.AsMemory(_length), cancel)) > 0)
        {
            _length += read;
            if (_length > max) throw TooLarge(max);
            if (_length < _bytes.Length) continue;
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            _bytes.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }

    private static ProblemException TooLarge(int max) =>
        new(ProblemCodes.BodyTooLarge, $"A body has at most {max} bytes here. Send it in several requests.");
}
