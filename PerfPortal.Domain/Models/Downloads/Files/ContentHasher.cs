using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>The hashes of a file, in lower-case hexadecimal digits.</summary>
/// <param name="Sha256">The SHA-256.</param>
/// <param name="GitSha1">The id that Git gives the content as a blob, if it was asked for.</param>
internal sealed record ContentHashes(string Sha256, string? GitSha1);

/// <summary>
/// Hashes a file while it arrives: buffers that arrive in order are hashed from memory, what arrived out of order is read back once the bytes before it are there. It never makes a
/// connection wait: when it falls behind, it reads back.
/// </summary>
internal sealed class ContentHasher : IAsyncDisposable
{
    private const int MaxQueued = 8;
    private const int ReadBack = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly Func<long> _prefix;
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _gitSha1;
    private readonly Lock _lock = new();
    private readonly Queue<(byte[] Buffer, int Count)> _queue = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private long _expected;
    private long _size = long.MaxValue;

    /// <summary>Starts to hash.</summary>
    /// <param name="file">The file that is written.</param>
    /// <param name="prefix">How many bytes are there from the beginning on without a gap.</param>
    /// <param name="gitBlobSize">The size of the file when its Git id is wanted; Git hashes the size first.</param>
    public ContentHasher(SafeFileHandle file, Func<long> prefix, long? gitBlobSize)
    {
        _file = file;
        _prefix = prefix;
        if (gitBlobSize is { } size)
        {
            _gitSha1 = StartGitBlob(size);
        }

        _loop = Task.Run(RunAsync);
    }

    /// <summary>Offers a buffer of the shared pool whose bytes are in the file.</summary>
    /// <returns>Whether it was taken, and must not be used any more.</returns>
    public bool Offer(long position, byte[] buffer, int count)
    {
        bool isTaken = false;
        lock (_lock)
        {
            if (position == _expected && _queue.Count < MaxQueued && !_stopping.IsCancellationRequested)
            {
                _queue.Enqueue((buffer, count));
                _expected += count;
                isTaken = true;
            }
        }

        Wake();
        return isTaken;
    }

    /// <summary>Waits until the whole file is hashed.</summary>
    /// <param name="size">Its size; every byte is in the file.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<ContentHashes> FinishAsync(long size, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _size, size);
        Wake();
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new(Hex(_sha256), _gitSha1 is null ? null : Hex(_gitSha1));
    }

    /// <summary>Hashes a file that is complete.</summary>
    public static async Task<ContentHashes> HashAsync(string path, bool withGit, CancellationToken cancellationToken)
    {
        using var file = RegularFile.OpenRead(path, FileOptions.SequentialScan, FileShare.Read);
        return await HashAsync(file, withGit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Hashes a file that is complete.</summary>
    public static async Task<ContentHashes> HashAsync(SafeFileHandle file, bool withGit, CancellationToken cancellationToken)
    {
        long size = RandomAccess.GetLength(file);
        await using var hasher = new ContentHasher(file, () => size, withGit ? size : null);
        return await hasher.FinishAsync(size, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Wake();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_queue.TryDequeue(out var left))
        {
            ArrayPool<byte>.Shared.Return(left.Buffer);
        }

        _sha256.Dispose();
        _gitSha1?.Dispose();
        _work.Dispose();
        _stopping.Dispose();
    }

    private static IncrementalHash StartGitBlob(long size)
    {
#pragma warning disable CA5350 // Git names blobs by SHA-1.
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
        return hash;
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetCurrentHash());

    private void Wake()
    {
        if (_work.CurrentCount == 0)
        {
            _work.Release();
        }
    }

    private async Task RunAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBack);
        try
        {
            long position = 0;
            while (position < Interlocked.Read(ref _size) && !_stopping.IsCancellationRequested)
            {
                int count = HashQueued() ?? HashFromFile(position, buffer);
                position += count;
                if (count == 0 && position < Interlocked.Read(ref _size))
                {
                    await _work.WaitAsync(_stopping.Token).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int? HashQueued()
    {
        (byte[] Buffer, int Count) next;
        lock (_lock)
        {
            if (!_queue.TryDequeue(out next))
            {
                return null;
            }
        }

        Append(next.Buffer.AsSpan(0, next.Count));
        ArrayPool<byte>.Shared.Return(next.Buffer);
        return next.Count;
    }

    private int HashFromFile(long position, byte[] buffer)
    {
        int wanted;
        lock (_lock)
        {
            // Something may have been queued meanwhile; then the next round takes that.
            wanted = _queue.Count > 0 ? 0 : (int)Math.Min(_prefix() - position, ReadBack);
            if (wanted <= 0)
            {
                return 0;
            }

            // Whoever writes from here on is in order again.
            _expected = position + wanted;
        }

        int read = 0;
        while (read < wanted)
        {
            int count = RandomAccess.Read(_file, buffer.AsSpan(read, wanted - read), position + read);
            if (count == 0)
            {
                throw new EndOfStreamException("The file is shorter than what was written to it.");
            }

            read += count;
        }

        Append(buffer.AsSpan(0, read));
        return read;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _sha256.AppendData(bytes);
        _gitSha1?.AppendData(bytes);
    }
}
