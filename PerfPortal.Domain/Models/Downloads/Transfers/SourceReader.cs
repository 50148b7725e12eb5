using System.IO.Compression;
using System.Net.Http.Headers;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>The body of an answer that begins where it should.</summary>
/// <param name="Reply">The answer.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Version">The version of the file.</param>
/// <param name="Total">The size of the whole file, or <see langword="null"/> when the server does not say.</param>
/// <param name="End">The position behind the last byte of this body, or <see langword="null"/> when not known.</param>
/// <param name="IsRange">Whether it is a part of the file that was asked for.</param>
internal sealed record SourceBody(SourceReply Reply, Stream Body, FileVersion Version, long? Total, long? End, bool IsRange) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Body.Dispose();
        Reply.Dispose();
    }
}

/// <summary>
/// Opens a file of one server, whole or in part, and lets through only what fits together: the range that was asked for, of the version that was begun.
/// </summary>
/// <param name="client">Sends the requests.</param>
/// <param name="source">The address.</param>
/// <param name="label">The name of the file for people.</param>
/// <param name="expectedSize">The size that the file must have, or <see langword="null"/>.</param>
internal sealed class SourceReader(SourceClient client, TransferSource source, string label, long? expectedSize)
{
    private const int MaxWrongRanges = 2;

    private Uri? _resolved;
    private int _wrongRanges;

    /// <summary>The name of the server, for messages.</summary>
    public string Host => (_resolved ?? source.Uri).Host;

    /// <summary>The address from which the bytes come.</summary>
    public Uri Uri => _resolved ?? source.Uri;

    /// <summary>Whether ranges can be asked for, as far as is known.</summary>
    public bool HasRanges { get; set; } = true;

    /// <summary>Opens the file for the first time: its beginning, or the whole where there are no ranges.</summary>
    /// <param name="length">The bytes to ask for, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="DownloadException">The server does not send it.</exception>
    public async Task<SourceBody> OpenAsync(long? length, CancellationToken cancellationToken)
    {
        var reply = await GetAsync(HasRanges ? new RangeHeaderValue(0, length - 1) : null, null, cancellationToken).ConfigureAwait(false);
        return await KeepAsync(reply, () => (int)reply.Response.StatusCode switch
        {
            206 => ReadRange(reply, new(0, length ?? long.MaxValue), null, null),
            200 => ReadWhole(reply),
            416 when HasRanges => ReadEmpty(reply),
            _ => throw Unexpected(reply),
        }).ConfigureAwait(false);
    }

    /// <summary>Opens a part of a version of the file.</summary>
    /// <param name="range">The part.</param>
    /// <param name="version">The version; <see langword="null"/> for any, where a hash decides in the end.</param>
    /// <param name="size">The size of the version.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="StartAgainException">The file has changed, or its parts are not served any more.</exception>
    /// <exception cref="DownloadException">The server does not send it.</exception>
    public async Task<SourceBody> OpenRangeAsync(ByteRange range, FileVersion? version, long size, CancellationToken cancellationToken)
    {
        var reply = await GetAsync(new RangeHeaderValue(range.Start, range.End - 1), version?.Condition, cancellationToken).ConfigureAwait(false);
        return await KeepAsync(reply, () => (int)reply.Response.StatusCode switch
        {
            206 => ReadRange(reply, range, version, size),
            200 when (version is null || (version.IsKnown && FileVersion.Of(reply.Response).IsSame(version))) && reply.Response.Content.Headers.ContentLength == size =>
                throw new StartAgainException("the server does not serve parts of it any more") { WithoutRanges = true },
            200 => throw new StartAgainException("it changed on the server"),
            412 or 416 => throw new StartAgainException("it changed on the server"),
            _ => throw Unexpected(reply),
        }).ConfigureAwait(false);
    }

    private async Task<SourceReply> GetAsync(RangeHeaderValue? range, RangeConditionHeaderValue? condition, CancellationToken cancellationToken)
    {
        if (_resolved is { } known)
        {
            var direct = await client.GetAsync(known, source.Credentials, range, condition, cancellationToken).ConfigureAwait(false);
            if ((int)direct.Response.StatusCode is not (400 or 401 or 403 or 404 or 410))
            {
                return direct;
            }

            // The address that a redirect gave has expired.
            direct.Dispose();
        }

        var reply = await client.GetAsync(source.Uri, source.Credentials, range, condition, cancellationToken).ConfigureAwait(false);
        _resolved = reply.Uri == source.Uri ? null : reply.Uri;
        return reply;
    }

    private static async Task<SourceBody> KeepAsync(SourceReply reply, Func<SourceBody> read)
    {
        try
        {
            var body = read();
            return body with { Body = Decode(body, await reply.Response.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false)) };
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    private SourceBody ReadRange(SourceReply reply, ByteRange asked, FileVersion? version, long? size)
    {
        var content = reply.Response.Content.Headers;
        if (Encoding(reply) is not null)
        {
            // The positions would be those of the compressed form.
            throw new StartAgainException("the server compresses parts of it") { WithoutRanges = true };
        }

        if (content.ContentRange is not { Unit: "bytes", From: { } from, To: { } to, Length: { } total } || from != asked.Start || to >= asked.End || to < from
            || (content.ContentLength is { } length && length != to - from + 1))
        {
            if (++_wrongRanges >= MaxWrongRanges)
            {
                throw new StartAgainException("the server sends other parts of it than those asked for") { WithoutRanges = true };
            }

            throw new DownloadException(
                DownloadErrorCategory.Server, $"{Host} sent another part than the one asked for: {content.ContentRange?.ToString() ?? "no Content-Range"} instead of bytes {asked.Start}-{(asked.End == long.MaxValue ? "" : asked.End - 1)}.")
            {
                IsTransient = true,
            };
        }

        var current = FileVersion.Of(reply.Response);
        if (version is not null && (total != size || !current.IsSame(version)))
        {
            throw new StartAgainException("it changed on the server");
        }

        EnsureSize(total);
        return new(reply, Stream.Null, current, total, to + 1, IsRange: true);
    }

    private SourceBody ReadWhole(SourceReply reply)
    {
        long? length = reply.Response.Content.Headers.ContentLength;
        if (Encoding(reply) is not null && (length is null || length != expectedSize))
        {
            return new(reply, Stream.Null, FileVersion.Of(reply.Response), null, null, IsRange: false);
        }

        EnsureSize(length);
        return new(reply, Stream.Null, FileVersion.Of(reply.Response), length, length, IsRange: false);
    }

    private SourceBody ReadEmpty(SourceReply reply)
    {
        EnsureSize(0);
        return reply.Response.Content.Headers.ContentRange is { Length: 0 } ? new(reply, Stream.Null, FileVersion.Of(reply.Response), 0, 0, IsRange: false)
            : throw new StartAgainException("the server refuses parts of it") { WithoutRanges = true };
    }

    private DownloadException Unexpected(SourceReply reply)
    {
        client.EnsureSuccess(reply);
        return new(DownloadErrorCategory.Server, $"{Host} answered {(int)reply.Response.StatusCode}, which is no file.");
    }

    private void EnsureSize(long? size)
    {
        if (size is { } sent && expectedSize is { } expected && sent != expected)
        {
            throw new DownloadException(DownloadErrorCategory.Integrity, $"{label} has {Format.Count(sent)} bytes on {Host}, but {Format.Count(expected)} were expected.");
        }
    }

    private static string? Encoding(SourceReply reply) =>
        reply.Response.Content.Headers.ContentEncoding.FirstOrDefault(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static Stream Decode(SourceBody read, Stream body) => read.Total is not null ? body : Encoding(read.Reply)?.ToUpperInvariant() switch
    {
        null => body,
        _ when read.Reply.Response.Content.Headers.ContentEncoding.Count > 1 => throw Compressed(read.Reply),
        "GZIP" or "X-GZIP" => new GZipStream(body, CompressionMode.Decompress),
        "DEFLATE" => new ZLibStream(body, CompressionMode.Decompress),
        "BR" => new BrotliStream(body, CompressionMode.Decompress),
        _ => throw Compressed(read.Reply),
    };

    private static DownloadException Compressed(SourceReply reply) => new(
        DownloadErrorCategory.Server, $"{reply.Uri.Host} sends the file compressed ({string.Join(", ", reply.Response.Content.Headers.ContentEncoding)}), which was not asked for and is not understood.");
}
