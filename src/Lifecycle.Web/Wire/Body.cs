using System.Buffers;
using System.IO.Compression;
using Lifecycle.Web.Access;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Wire;

/// <summary>A request's whole body in one rented piece; given back when disposed.</summary>
internal sealed class Body : IDisposable
{
    private const int FirstBytes = 16 << 10;

    /// <summary>Larger pieces are not rented: the pool would hold on to some of them for each of the threads.</summary>
    private const int RentedBytesMax = 256 << 10;

    private readonly BodyRoom? _room;
    private byte[] _bytes = [];
    private int _length;

    private Body(BodyRoom? room) => _room = room;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>A body that is taken as it is.</summary>
    /// <exception cref="ProblemException">It is larger than <paramref name="max"/>, or encoded.</exception>
    public static Task<Body> ReadAsync(HttpRequest request, int max)
    {
        if (CodingOf(request) is not null)
            throw new ProblemException(
                ProblemCodes.UnsupportedMediaType, "A body is taken as it is: send it without Content-Encoding.");
        return ReadPlainAsync(request, max);
    }

    /// <summary>A body that may come with <c>Content-Encoding: gzip</c>.</summary>
    /// <exception cref="ProblemException">It is larger than the options allow, or not what it says it is.</exception>
    public static async Task<Body> InflateAsync(HttpRequest request, WebOptions options)
    {
        switch (CodingOf(request))
        {
            case null:
                return await ReadPlainAsync(request, options.BodyBytesMax);
            case "gzip" or "x-gzip":
                break;
            case var other:
                throw new ProblemException(
                    ProblemCodes.UnsupportedMediaType,
                    $"Content-Encoding: {other} is not taken. Send the body as it is, or as gzip.");
        }

        if (request.ContentLength > options.BodyBytesMax) throw TooLarge(options.BodyBytesMax);
        var compressed = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
        await using (compressed)
        {
            try
            {
                return await ReadAsync(
                    request, compressed, FirstBytes, options.InflatedBytesMax, Inflates);
            }
            catch (InvalidDataException)
            {
                throw new ProblemException(
                    ProblemCodes.MalformedRequest,
                    "The body says it is gzip and cannot be inflated to its end. Nothing was taken.");
            }
        }
    }

    public void Dispose()
    {
        GiveBack(_bytes);
        (_bytes, _length) = ([], 0);
    }

    private const string Inflates = "inflates to";
    private const string Has = "has";

    /// <summary>Null for a body that is as it is.</summary>
    private static string? CodingOf(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        return coding is "" or "identity" ? null : coding;
    }

    private static Task<Body> ReadPlainAsync(HttpRequest request, int max)
    {
        if (request.ContentLength > max) throw TooLarge(max);
        var size = (int)(request.ContentLength ?? Math.Min(FirstBytes, max)) + 1;
        return ReadAsync(request, request.Body, size, max, Has);
    }

    private static async Task<Body> ReadAsync(HttpRequest request, Stream from, int size, int max, string verb)
    {
        // Refused for want of room, it has read nothing yet.
        var body = new Body(request.HttpContext.Features.Get<BodyRoom>());
        try
        {
            body._bytes = body.Take(size);
            await body.FillAsync(from, max, verb, request.HttpContext.RequestAborted);
            return body;
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // So the server tells a chunk whose length is none; when the client has left, nobody reads the answer.
            body.Dispose();
            throw new ProblemException(
                ProblemCodes.MalformedRequest, "The body cannot be read to its end. Nothing was taken.");
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private async Task FillAsync(Stream stream, int max, string verb, CancellationToken cancel)
    {
        int read;
        while ((read = await stream.ReadAsync(_bytes.AsMemory(_length), cancel)) > 0)
        {
            _length += read;
            if (_length > max) throw TooLarge(max, verb);
            if (_length < _bytes.Length) continue;
            var larger = Take(_bytes.Length * 2);
            _bytes.CopyTo(larger, 0);
            GiveBack(_bytes);
            _bytes = larger;
        }
    }

    private byte[] Take(int size)
    {
        _room?.Take(size, _bytes.Length);
        if (size > RentedBytesMax) return GC.AllocateUninitializedArray<byte>(size);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        // The pool gives what it has: the room counts what is held.
        _room?.Add(rented.Length - size);
        return rented;
    }

    private void GiveBack(byte[] bytes)
    {
        _room?.Add(-bytes.Length);
        if (bytes.Length is > 0 and <= RentedBytesMax) ArrayPool<byte>.Shared.Return(bytes);
    }

    private static ProblemException TooLarge(int max, string verb = Has) =>
        new(ProblemCodes.BodyTooLarge, $"A body {verb} at most {max} bytes here. Send it in several requests.");
}
