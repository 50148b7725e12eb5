using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads request bodies within their <see cref="BodyLimits"/> and within the <see cref="BodyBudget"/> of the portal.</summary>
internal static class BodyReader
{
    /// <summary>The maximum nesting of one operation, sample or other JSON object, itself included. The array around the items of a batch is not counted.</summary>
    public const int MaxDepth = 64;

    /// <summary>The media type of JSON.</summary>
    public const string JsonType = "application/json";

    private static readonly TimeSpan BudgetRetry = TimeSpan.FromSeconds(1);
    private static readonly string[] JsonOnly = [JsonType];
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };

    /// <summary>Reads a body of one of the given media types.</summary>
    public static async Task<Body> ReadAsync(HttpRequest request, IReadOnlyList<string> mediaTypes, BodyLimits limits, CancellationToken cancellationToken)
    {
        string mediaType = (request.ContentType ?? "").Split(';')[0].Trim();
        if (!mediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase))
        {
            return Fail(StatusCodes.Status415UnsupportedMediaType, "The media type is not supported.", $"Content-Type must be {string.Join(" or ", mediaTypes)}.");
        }

        if (request.ContentLength > limits.Sent)
        {
            return new(limits.TooLarge());
        }

        string encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (encoding is not ("" or "identity" or "gzip" or "br"))
        {
            return Fail(StatusCodes.Status415UnsupportedMediaType, "The content encoding is not supported.", "Content-Encoding must be gzip or br.");
        }

        var charge = new BodyCharge(request.HttpContext.RequestServices.GetRequiredService<BodyBudget>());
        request.HttpContext.Response.RegisterForDispose(charge);
        try
        {
            return await ReadAsync(request, encoding, limits, charge, cancellationToken).ConfigureAwait(false);
        }
        catch (BodyTooLargeException)
        {
            return new(limits.TooLarge());
        }
        catch (BodyBudgetException)
        {
            return new(Problems.Unavailable("The request bodies in progress use all the memory reserved for them. Send smaller batches, or fewer at once.", BudgetRetry));
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new(limits.TooLarge())
                : Fail(StatusCodes.Status400BadRequest, "The request is not valid.", "The body could not be read.");
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            return Broken(encoding);
        }
    }

    /// <summary>Reads a body of at most 64 KiB as a single JSON value.</summary>
    public static Task<(JsonDocument? Document, IResult? Problem)> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadJsonAsync(request, BodyLimits.Single, cancellationToken);

    /// <summary>Reads a body as a single JSON value.</summary>
    public static async Task<(JsonDocument? Document, IResult? Problem)> ReadJsonAsync(HttpRequest request, BodyLimits limits, CancellationToken cancellationToken)
    {
        using var body = await ReadAsync(request, JsonOnly, limits, cancellationToken).ConfigureAwait(false);

        // The document references the bytes that it was parsed from.
        return body.Problem is null ? Parse(body.Bytes.ToArray()) : (null, body.Problem);
    }

    /// <summary>Parses a JSON value; an error is reported with its place and cause.</summary>
    public static (JsonDocument? Document, IResult? Problem) Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (!Utf8.IsValid(bytes.Span))
            {
                return (null, Invalid(JsonFault.IsUtf16(bytes.Span) ? JsonFault.Utf16 : "The body is not valid UTF-8."));
            }

            var document = JsonDocument.Parse(bytes, Strict);
            if (!MemberNames.MayContainLoneSurrogate(bytes.Span) || MemberNames.AreValid(document.RootElement))
            {
                return (document, null);
            }

            document.Dispose();
            return (null, Invalid(MemberNames.InvalidName));
        }
        catch (JsonException exception)
        {
            return (null, Invalid(JsonFault.ExplainBody(bytes.Span, JsonFault.Find(bytes.Span, exception))));
        }
    }

    private static async Task<Body> ReadAsync(HttpRequest request, string encoding, BodyLimits limits, BodyCharge charge, CancellationToken cancellationToken)
    {
        await using var sent = new SentStream(request.Body, limits.Sent);
        switch (encoding)
        {
            case "gzip":
                await using (var content = new GZipStream(sent, CompressionMode.Decompress, leaveOpen: true))
                {
                    var body = await ReadAllAsync(content, new(0, limits.Decompressed, charge), limits, cancellationToken).ConfigureAwait(false);
                    return body.Problem is not null || GzipTrailer.Closes(sent.Last, body.Raw.Span) ? body : Broken(encoding);
                }

            case "br":
                using (var packed = await ReadAllAsync(sent, new(Expected(request), limits.Sent, charge), limits with { Peek = null }, cancellationToken).ConfigureAwait(false))
                {
                    return packed.Problem is { } problem ? new(problem) : Unbrotli(packed.Raw.Span, limits, charge);
                }

            default:
                return await ReadAllAsync(sent, new(Expected(request), limits.Decompressed, charge), limits, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One byte more than announced, so that the end is detected without growing the buffer.</summary>
    private static long Expected(HttpRequest request) => request.ContentLength.GetValueOrDefault() + 1;

    private static async Task<Body> ReadAllAsync(Stream content, BodyBuffer all, BodyLimits limits, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await content.ReadAsync(all.Room(), cancellationToken).ConfigureAwait(false)) > 0)
        {
            bool isEarly = all.Length < BodyBuffer.LargestPooled;
            all.Advance(read);
            if (Refuse(all, isEarly, limits) is { } problem)
            {
                return problem;
            }
        }

        return new(all);
    }

    /// <summary>Rejects a body that is too long or, once after its first MiB has been read, because of its content.</summary>
    private static Body? Refuse(BodyBuffer all, bool isEarly, BodyLimits limits)
    {
        var problem = all.IsTooLong ? limits.TooLarge()
            : isEarly && all.Length >= BodyBuffer.LargestPooled ? limits.Peek?.Invoke(ByteOrderMark.Skip(all.Written))
            : null;
        if (problem is null)
        {
            return null;
        }

        all.Dispose();
        return new(problem);
    }

    /// <summary>Uses the decoder because it detects a truncated body; the stream of .NET accepts it silently.</summary>
    private static Body Unbrotli(ReadOnlySpan<byte> sent, BodyLimits limits, BodyCharge charge)
    {
        using var decoder = new BrotliDecoder();
        var all = new BodyBuffer(sent.Length * 4L, limits.Decompressed, charge);
        while (true)
        {
            var status = decoder.Decompress(sent, all.Room().Span, out int consumed, out int written);
            sent = sent[consumed..];
            bool isEarly = all.Length < BodyBuffer.LargestPooled;
            all.Advance(written);
            if (Refuse(all, isEarly, limits) is { } problem)
            {
                return problem;
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

    private static IResult Invalid(string detail) => Problems.Invalid([new(detail, "")]);

    private static Body Fail(int status, string title, string detail) => new(Problems.Status(status, title, detail));
}
