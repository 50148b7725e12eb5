using Microsoft.Win32.SafeHandles;
using PerfPortal.Domain.Models.Health.Reading;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The bytes of a file, read anywhere.</summary>
internal abstract class ByteSource
{
    /// <summary>The number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads until the buffer is full or the source ends.</summary>
    /// <returns>The number of bytes read.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    public abstract int Read(long offset, Span<byte> buffer);
}

/// <summary>The bytes of an open file; the length is that at the beginning. Reading waits, which blocks its thread, and can be cancelled.</summary>
/// <param name="handle">The file.</param>
/// <param name="pace">The rate.</param>
/// <param name="cancellationToken">Ends the next read with an <see cref="OperationCanceledException"/>.</param>
internal sealed class FileBytes(SafeFileHandle handle, ReadPace pace, CancellationToken cancellationToken) : ByteSource
{
    public override long Length { get; } = RandomAccess.GetLength(handle);

    public override int Read(long offset, Span<byte> buffer)
    {
        pace.Wait(buffer.Length, cancellationToken);
        int done = 0;
        while (done < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[done..], offset + done);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> bytes) : ByteSource
{
    public override long Length => bytes.Length;

    public override int Read(long offset, Span<byte> buffer)
    {
        if (offset >= bytes.Length)
        {
            return 0;
        }

        int count = (int)Math.Min(buffer.Length, bytes.Length - offset);
        bytes.Span.Slice((int)offset, count).CopyTo(buffer);
        return count;
    }
}
