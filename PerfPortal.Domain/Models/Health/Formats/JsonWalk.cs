using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>What looks at the tokens of a JSON text.</summary>
internal interface IJsonVisitor
{
    /// <summary>Takes the next token.</summary>
    /// <param name="reader">At the token.</param>
    /// <param name="offset">The byte of the file at which the token begins.</param>
    void OnToken(ref Utf8JsonReader reader, long offset);
}

/// <summary>Reads a JSON text of any size token by token. At most one token is in memory, and one longer than <see cref="MaxToken"/> is refused.</summary>
internal static class JsonWalk
{
    /// <summary>The longest name or value in bytes: the normalization maps in tokenizers are a few hundred kilobytes.</summary>
    public const int MaxToken = 4 * 1024 * 1024;

    private const int MaxDepth = 64;
    private const int FirstBuffer = 64 * 1024;
    private const int LenientUpTo = 1024 * 1024;

    /// <summary>Reads a text.</summary>
    /// <param name="source">The file.</param>
    /// <param name="start">Where the text begins.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="visitor">Gets each token.</param>
    /// <param name="acceptsNaN">Whether <c>NaN</c> and <c>Infinity</c> are accepted as Python writes them, in texts of at most 1 MiB; the visitor sees 0.</param>
    /// <exception cref="MalformedException">It is not valid JSON, or the visitor refused it.</exception>
    public static void Run(ByteSource source, long start, long length, IJsonVisitor visitor, bool acceptsNaN = false)
    {
        bool lenient = acceptsNaN && length <= LenientUpTo;
        var state = new JsonReaderState(new() { MaxDepth = MaxDepth });
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(lenient ? LenientUpTo : FirstBuffer, Math.Max(length, 1)));
        try
        {
            long at = start;
            long end = start + length;
            int kept = 0;
            while (true)
            {
                int wanted = (int)Math.Min(buffer.Length - kept, end - at - kept);
                int read = source.Read(at + kept, buffer.AsSpan(kept, wanted));
                int held = kept + read;
                bool isLast = read < wanted || at + held == end;
                if (lenient)
                {
                    NamedFloats.Blank(buffer.AsSpan(0, held));
                }

                int consumed = Tokens(buffer.AsSpan(0, held), isLast, ref state, at, visitor);
                if (isLast)
                {
                    return;
                }

                kept = held - consumed;
                if (consumed == 0 && held == buffer.Length)
                {
                    buffer = Grow(buffer, held, at);
                }
                else
                {
                    buffer.AsSpan(consumed, kept).CopyTo(buffer);
                }

                at += consumed;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int held, long at)
    {
        if (buffer.Length >= MaxToken)
        {
            throw new MalformedException(HealthReasonKinds.Limit, at, null, string.Create(CultureInfo.InvariantCulture, $"The value at byte {at:N0} is longer than {MaxToken:N0} bytes."));
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static int Tokens(ReadOnlySpan<byte> text, bool isLast, ref JsonReaderState state, long at, IJsonVisitor visitor)
    {
        var reader = new Utf8JsonReader(text, isLast, state);
        try
        {
            while (reader.Read())
            {
                long offset = at + reader.TokenStartIndex;
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && !Utf8.IsValid(reader.ValueSpan))
                {
                    throw new MalformedException(HealthReasonKinds.Json, offset, reader.ValueSpan.Length, string.Create(CultureInfo.InvariantCulture, $"The text at byte {offset:N0} is not valid UTF-8."));
                }

                visitor.OnToken(ref reader, offset);
            }
        }
        catch (JsonException exception)
        {
            long offset = at + reader.BytesConsumed;
            throw new MalformedException(
                HealthReasonKinds.Json, offset, null, string.Create(CultureInfo.InvariantCulture, $"The text is not valid JSON at or after byte {offset:N0}: {Why(exception.Message)}"));
        }

        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private static string Why(string message)
    {
        // What System.Text.Json says of a text that stops too early is longer than a row of a table has room for.
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
        {
            return "it ends before everything that is open is closed.";
        }

        int end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
