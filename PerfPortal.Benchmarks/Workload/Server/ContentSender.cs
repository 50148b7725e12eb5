using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using PerfPortal.Benchmarks.Workload.Models;

namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>Sends the content of files: whole or in ranges, at the pace of the connection, with the stated faults.</summary>
internal sealed class ContentSender(int seed, ServerCounter counter, TimeProvider time)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>When the files were last changed, independent of their content.</summary>
    private static readonly DateTimeOffset LastModified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Answers a request for a file.</summary>
    /// <param name="context">The request.</param>
    /// <param name="file">The file.</param>
    /// <param name="etag">Its entity tag at this address.</param>
    /// <param name="faults">What goes wrong.</param>
    public async Task SendAsync(HttpContext context, ModelFile file, string etag, ServerFaults faults)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = etag;
        response.Headers.LastModified = LastModified.ToString("R", CultureInfo.InvariantCulture);
        if (Matches(request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (request.Headers.IfMatch.Count > 0 && !Matches(request.Headers.IfMatch, etag))
        {
            response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }

        var (range, isOutside) = IsCurrent(request.Headers.IfRange, etag) ? ByteRange.Parse(request.Headers.Range, file.Length) : (null, false);
        if (isOutside)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = FormattableString.Invariant($"bytes */{file.Length}");
            return;
        }

        if (HttpMethods.IsHead(request.Method))
        {
            Describe(response, file, range);
            return;
        }

        long number = counter.Add(ServerCount.Contents);
        double chance = Chance.Draw(seed, number, 0);
        if ((chance -= faults.UnavailableShare) < 0)
        {
            counter.Add(ServerCount.Unavailable);
            Refuse(response, StatusCodes.Status503ServiceUnavailable);
        }
        else if ((chance -= faults.TooManyShare) < 0)
        {
            counter.Add(ServerCount.TooMany);
            response.Headers.RetryAfter = faults.RetryAfter.ToString(CultureInfo.InvariantCulture);
            Refuse(response, StatusCodes.Status429TooManyRequests);
        }
        else
        {
            var part = Describe(response, file, range);
            long place = (long)(Chance.Draw(seed, number, 1) * part.Length);
            bool isReset = (chance -= faults.ResetShare) < 0;
            bool isCorrupted = !isReset && chance < faults.CorruptShare && part.Length > 0;
            await WriteAsync(context, file, part, faults.BytesPerSecondPerConnection, isReset ? place : part.Length, isCorrupted ? place : null);
            if (isReset)
            {
                counter.Add(ServerCount.Resets);
                context.Abort();
            }
        }
    }

    private async Task WriteAsync(HttpContext context, ModelFile file, ByteRange part, long? rate, long count, long? corrupted)
    {
        var connection = context.Features.Get<IConnectionItemsFeature>()!.Items;
        var pace = connection.TryGetValue(ConnectionPace.Key, out object? kept) ? (ConnectionPace)kept! : new(time);
        connection[ConnectionPace.Key] = pace;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long sent = 0; sent < count;)
            {
                int size = (int)Math.Min(ConnectionPace.PieceOf(rate, BufferBytes), count - sent);
                file.Content.Read(part.From + sent, buffer.AsSpan(0, size));
                if (corrupted is { } at && at >= sent && at < sent + size)
                {
                    buffer[at - sent] ^= 1;
                    counter.Add(ServerCount.Corrupted);
                }

                if (rate is { } bytesPerSecond)
                {
                    await pace.WaitAsync(size, bytesPerSecond, context.RequestAborted);
                }

                await context.Response.Body.WriteAsync(buffer.AsMemory(0, size), context.RequestAborted);
                counter.Add(ServerCount.ContentBytes, size);
                sent += size;
            }

            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ByteRange Describe(HttpResponse response, ModelFile file, ByteRange? range)
    {
        var part = range ?? new ByteRange(0, file.Length);
        response.ContentType = "application/octet-stream";
        response.ContentLength = part.Length;
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = FormattableString.Invariant($"bytes {part.From}-{part.From + part.Length - 1}/{file.Length}");
        }

        return part;
    }

    private static void Refuse(HttpResponse response, int status)
    {
        response.Headers.Remove("ETag");
        response.Headers.Remove("Last-Modified");
        response.StatusCode = status;
    }

    private static bool Matches(string? header, string etag) =>
        header is not null && header.Split(',').Any(one => one.Trim() is var tag && (tag == "*" || tag == etag || tag == "W/" + etag));

    /// <summary>Whether a range may be served: the file is the one that the client has a part of.</summary>
    private static bool IsCurrent(string? ifRange, string etag) =>
        ifRange is null || ifRange == etag || ifRange == LastModified.ToString("R", CultureInfo.InvariantCulture);
}
