using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>The body of a request, or the problem that prevented reading it.</summary>
internal sealed class Body : IDisposable
{
    private readonly BodyBuffer? _buffer;

    /// <summary>Creates a body.</summary>
    public Body(BodyBuffer buffer) => _buffer = buffer;

    /// <summary>Creates a problem.</summary>
    public Body(IResult problem) => Problem = problem;

    /// <summary>The decompressed body; invalid after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer?.Written ?? default;

    /// <summary>The problem, or <see langword="null"/>.</summary>
    public IResult? Problem { get; }

    /// <summary>Releases the buffer.</summary>
    public void Dispose() => _buffer?.Dispose();
}

/// <summary>Reads request bodies of at most 16 MiB as sent and 64 MiB decompressed.</summary>
internal static class BodyReader
{
    /// <summary>The maximum size as sent.</summary>
    public const int MaxSentBytes = 16 * 1024 * 1024;

    /// <summary>The maximum size after decompression.</summary>
    public const int MaxDecompressedBytes = 64 * 1024 * 1024;

    /// <summary>The maximum nesting depth of JSON.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };

    /// <summary>Reads a body of one of the given media types.</summary>
    public static async Task<Body> ReadAsync(HttpRequest request, IReadOnlyList<string> mediaTypes, CancellationToken cancellationToken)
    {
        string mediaType = (request.ContentType ?? "").Split(';')[0].Trim();
        if (!mediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase))
        {
            return Fail(StatusCodes.Status415UnsupportedMediaType, "The media type is not supported.", $"Content-Type must be {string.Join(" or ", mediaTypes)}.");
        }

        if (request.ContentLength > MaxSentBytes)
        {
            return TooLarge();
        }

        string encoding = request.Headers.ContentEncoding.ToString().Trim();
        using var sent = new CountingStream(request.Body, MaxSentBytes);
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
            int expected = content is GZipStream ? 0 : (int)request.ContentLength.GetValueOrDefault();
            var body = await ReadAllAsync(content, expected, cancellationToken).ConfigureAwait(false);
            if (body.Problem is null && encoding.Equals("br", StringComparison.OrdinalIgnoreCase))
            {
                using (body)
                {
                    return Unbrotli(body.Bytes.Span);
                }
            }

            return body.Problem is null && content is GZipStream && !GzipTrailer.Closes(sent.Last, body.Bytes.Span) ? Broken(encoding) : body;
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

    /// <summary>Reads a body as a single JSON value.</summary>
    public static async Task<(JsonDocument? Document, IResult? Problem)> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = await ReadAsync(request, ["application/json"], cancellationToken).ConfigureAwait(false);
        if (body.Problem is not null)
        {
            return (null, body.Problem);
        }

        // The document references the bytes that it was parsed from.
        byte[] bytes = body.Bytes.ToArray();
        if (!Utf8.IsValid(bytes))
        {
            return (null, Problems.Invalid([new("The body is not valid UTF-8.", "")]));
        }

        var (document, problem) = Parse(bytes);
        if (document is not null && MemberNames.MayContainLoneSurrogate(bytes) && !MemberNames.AreValid(document.RootElement))
        {
            document.Dispose();
            return (null, Problems.Invalid([new(MemberNames.InvalidName, "")]));
        }

        return (document, problem);
    }

    /// <summary>Parses JSON; a syntax error is reported with line and position.</summary>
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

    /// <summary>Describes a JSON error in one sentence.</summary>
    public static string Explain(JsonException exception) => FormattableString.Invariant(
        $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");

    private static async Task<Body> ReadAllAsync(Stream content, int expected, CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is detected without growing the buffer.
        var all = new BodyBuffer(expected + 1);
        int read;
        while ((read = await content.ReadAsync(all.Room(), cancellationToken).ConfigureAwait(false)) > 0)
        {
            all.Advance(read);
            if (all.Length > MaxDecompressedBytes)
            {
                return TooLarge();
            }
        }

        return new(all);
    }

    /// <summary>Uses the decoder because it detects a truncated body; the stream of .NET accepts it silently.</summary>
    private static Body Unbrotli(ReadOnlySpan<byte> sent)
    {
        using var decoder = new BrotliDecoder();
        var all = new BodyBuffer(sent.Length * 4);
        while (true)
        {
            var status = decoder.Decompress(sent, all.Room().Span, out int consumed, out int written);
            sent = sent[consumed..];
            all.Advance(written);
            if (all.Length > MaxDecompressedBytes)
            {
                return TooLarge();
            }

            switch (status)
            {
                case OperationStatus.Done:
                    return sent.IsEmpty ? new(all) : Broken("br");
                case OperationStatus.DestinationTooSmall:
                    continue;
                default:
                    return Broken("br");
            }
        }
    }

    private static Body Broken(string encoding) =>
        Fail(StatusCodes.Status400BadRequest, "The request is not valid.", $"The body is not valid {encoding} or is truncated.");

    private static Body TooLarge() => Fail(
        StatusCodes.Status413PayloadTooLarge, "The body is too large.", "The limit is 16 MiB as sent and 64 MiB after decompression.");

    private static Body Fail(int status, string title, string detail) => new(Problems.Status(status, title, detail));

    private sealed class BodyTooLargeException : Exception;

    private sealed class CountingStream(Stream inner, long max) : Stream
    {
        private readonly byte[] _last = new byte[GzipTrailer.Length];
        private long _count;

        /// <summary>The last bytes read, at most the length of a trailer.</summary>
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

            return (_count += read) > max ? throw new BodyTooLargeException() : read;
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
