using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace PerfPortal.Server.Api.Reading;

/// <summary>A request's body, or the problem that it has.</summary>
/// <param name="Bytes">The body, decompressed.</param>
/// <param name="Problem">The problem, or <see langword="null"/>.</param>
internal readonly record struct Body(ReadOnlyMemory<byte> Bytes, IResult? Problem);

/// <summary>Reads request bodies within their bounds: 16 MiB as sent, 64 MiB decompressed.</summary>
internal static class BodyReader
{
    /// <summary>The most bytes as sent.</summary>
    public const int MostSent = 16 * 1024 * 1024;

    /// <summary>The most bytes after decompression.</summary>
    public const int MostDecompressed = 64 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>Reads a body that is one of these media types.</summary>
    public static async Task<Body> ReadAsync(HttpRequest request, IReadOnlyList<string> mediaTypes, CancellationToken cancellationToken)
    {
        string mediaType = (request.ContentType ?? "").Split(';')[0].Trim();
        if (!mediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase))
        {
            return Fail(StatusCodes.Status415UnsupportedMediaType, "The media type is not supported.", $"Content-Type must be {string.Join(" or ", mediaTypes)}.");
        }

        if (request.ContentLength > MostSent)
        {
            return TooLarge();
        }

        string encoding = request.Headers.ContentEncoding.ToString().Trim();
        using var sent = new CountingStream(request.Body, MostSent);
        await using Stream? content = encoding.ToLowerInvariant() switch
        {
            "" or "identity" => sent,
            "gzip" => new GZipStream(sent, CompressionMode.Decompress, leaveOpen: true),
            "br" => sent,
            _ => null,
        };
        if (content is null)
        {
            return Fail(StatusCodes.Status415UnsupportedMediaType, "The content encoding is not supported.", "Content-Encoding must be gzip or br.");
        }

        try
        {
            var body = await ReadAllAsync(content, cancellationToken).ConfigureAwait(false);
            return body.Problem is not null ? body
                : encoding.Equals("br", StringComparison.OrdinalIgnoreCase) ? Unbrotli(body.Bytes.Span)
                : content is GZipStream && !GzipTrailer.Closes(sent.Last, body.Bytes.Span) ? Broken(encoding)
                : body;
        }
        catch (BodyTooLargeException)
        {
            return TooLarge();
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge()
                : Fail(StatusCodes.Status400BadRequest, "The request is not valid.", "The body could not be read.");
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            return Broken(encoding);
        }
    }

    /// <summary>Reads a body as one JSON value.</summary>
    public static async Task<(JsonDocument? Document, IResult? Problem)> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, ["application/json"], cancellationToken).ConfigureAwait(false);
        if (body.Problem is not null)
        {
            return (null, body.Problem);
        }

        var (document, problem) = Parse(body.Bytes);
        if (document is not null && MemberNames.MayBeBroken(body.Bytes.Span) && !MemberNames.AreValid(document.RootElement))
        {
            document.Dispose();
            return (null, Problems.Invalid([new(MemberNames.Mistake, "")]));
        }

        return (document, problem);
    }

    /// <summary>Parses a JSON text; what is none is named with its line and position.</summary>
    public static (JsonDocument? Document, IResult? Problem) Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return (JsonDocument.Parse(bytes, Strict), null);
        }
        catch (JsonException exception)
        {
            return (null, Problems.Invalid([new(Explain(exception), "")]));
        }
    }

    /// <summary>What is wrong with a JSON text, in one sentence.</summary>
    public static string Explain(JsonException exception) => FormattableString.Invariant(
        $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");

    private static async Task<Body> ReadAllAsync(Stream content, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (all.Length + read > MostDecompressed)
                {
                    return TooLarge();
                }

                all.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new(all.GetBuffer().AsMemory(0, (int)all.Length), null);
    }

    /// <summary>The decoder says whether the body came to its end; the stream of .NET passes over one that breaks off.</summary>
    private static Body Unbrotli(ReadOnlySpan<byte> sent)
    {
        using var decoder = new BrotliDecoder();
        using var all = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (true)
            {
                var status = decoder.Decompress(sent, buffer, out int consumed, out int written);
                sent = sent[consumed..];
                if (all.Length + written > MostDecompressed)
                {
                    return TooLarge();
                }

                all.Write(buffer, 0, written);
                switch (status)
                {
                    case OperationStatus.Done:
                        return sent.IsEmpty ? new(all.GetBuffer().AsMemory(0, (int)all.Length), null) : Broken("br");
                    case OperationStatus.DestinationTooSmall:
                        continue;
                    default:
                        return Broken("br");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Body Broken(string encoding) =>
        Fail(StatusCodes.Status400BadRequest, "The request is not valid.", $"The body is not valid {encoding}, or it breaks off.");

    private static Body TooLarge() => Fail(
        StatusCodes.Status413PayloadTooLarge, "The body is too large.", "At most 16 MiB are taken as sent, and 64 MiB after decompression.");

    private static Body Fail(int status, string title, string detail) => new(default, Problems.Status(status, title, detail));

    private sealed class BodyTooLargeException : Exception;

    private sealed class CountingStream(Stream inner, long most) : Stream
    {
        private readonly byte[] _last = new byte[GzipTrailer.Length];
        private long _count;

        /// <summary>The last bytes that were read, at most as many as a trailer has.</summary>
        public ReadOnlySpan<byte> Last => _last.AsSpan(_last.Length - (int)Math.Min(_count, _last.Length));

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _count; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                int kept = Math.Max(0, _last.Length - read);
                _last.AsSpan(_last.Length - kept).CopyTo(_last);
                buffer.Span[Math.Max(0, read - _last.Length)..read].CopyTo(_last.AsSpan(kept));
            }

            return (_count += read) > most ? throw new BodyTooLargeException() : read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
