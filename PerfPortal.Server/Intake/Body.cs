namespace PerfPortal.Server.Intake;

/// <summary>The body of a request, or the problem that prevented reading it.</summary>
internal sealed class Body : IDisposable
{
    private readonly BodyBuffer? _buffer;

    /// <summary>Creates a body.</summary>
    public Body(BodyBuffer buffer) => _buffer = buffer;

    /// <summary>Creates a problem.</summary>
    public Body(IResult problem) => Problem = problem;

    /// <summary>The bytes after decompression; invalid after <see cref="Dispose"/>, like <see cref="Bytes"/>.</summary>
    public ReadOnlyMemory<byte> Raw => _buffer?.Written ?? default;

    /// <summary>The decompressed body without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Bytes => ByteOrderMark.Skip(Raw);

    /// <summary>The problem, or <see langword="null"/>.</summary>
    public IResult? Problem { get; }

    /// <summary>Releases the buffer.</summary>
    public void Dispose() => _buffer?.Dispose();
}

/// <summary>The byte order mark of UTF-8, which a reader of JSON may ignore (RFC 8259, 8.1). Excel, PowerShell and Notepad write it.</summary>
internal static class ByteOrderMark
{
    /// <summary>Returns the text after its mark, if it has one.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> utf8) => utf8.Span.StartsWith("\uFEFF"u8) ? utf8["\uFEFF"u8.Length..] : utf8;
}

/// <summary>The size limits of a body, in bytes.</summary>
/// <param name="Sent">The maximum as sent.</param>
/// <param name="Decompressed">The maximum after decompression.</param>
/// <param name="Text">The limits as a sentence.</param>
/// <param name="Peek">Inspects the first MiB of a larger body and returns the problem because of which the rest is not read; <see langword="null"/> for none.</param>
internal sealed record BodyLimits(int Sent, int Decompressed, string Text, Func<ReadOnlyMemory<byte>, IResult?>? Peek = null)
{
    /// <summary>One report, setting or decision: 64 KiB.</summary>
    public static BodyLimits Single { get; } = new(64 * 1024, 64 * 1024, "The limit is 64 KiB, as sent and after decompression.");

    /// <summary>A rule, a receiver or a silence: 1 MiB, so that far too many labels are told as such.</summary>
    public static BodyLimits Definition { get; } = new(1 << 20, 1 << 20, "The limit is 1 MiB, as sent and after decompression.");

    /// <summary>Many operations or samples: 16 MiB, and 64 MiB after decompression.</summary>
    public static BodyLimits Batch { get; } =
        new(16 * 1024 * 1024, 64 * 1024 * 1024, "The limit is 16 MiB as sent and 64 MiB after decompression.");

    /// <summary>The answer to a larger body.</summary>
    public IResult TooLarge() => Wire.Problems.Status(StatusCodes.Status413PayloadTooLarge, "The body is too large.", Text);
}
