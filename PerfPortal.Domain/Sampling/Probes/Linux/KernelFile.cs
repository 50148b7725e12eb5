using Microsoft.Win32.SafeHandles;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>A file of <c>/proc</c> or <c>/sys</c> that stays open and is read from the start each time; the kernel generates its content on each read.</summary>
/// <param name="path">The path.</param>
/// <param name="shownPath">The path without a prefix, for messages.</param>
/// <param name="longLines">Whether a line can be longer than <see cref="MaxLineLength"/>.</param>
internal sealed class KernelFile(string path, string shownPath, bool longLines) : IDisposable
{
    /// <summary>The maximum line length of an ordinary kernel file, in bytes: a name and about twenty numbers.</summary>
    private const int MaxLineLength = 1024;

    /// <summary>The minimum size of the buffer in which the kernel collects lines (the smallest page size), in bytes.</summary>
    private const int KernelBuffer = 4096;

    private const int MaxBytes = 16 << 20;

    private byte[] _buffer = new byte[KernelBuffer];
    private SafeFileHandle? _handle;
    private readonly SensorStatus _missing = new(SensorState.Absent, $"This system has no {shownPath}.");
    private string? _failure;

    /// <summary>Reads the whole file into a buffer that the next call reuses. Allocates only when the file has grown.</summary>
    /// <returns>Whether the file could be read; if not, <see cref="Unreadable"/> returns the reason.</returns>
    public bool TryRead(out ReadOnlySpan<byte> text)
    {
        text = default;
        _failure = null;
        try
        {
            if (_handle is null)
            {
                if (!File.Exists(path))
                {
                    return false;
                }

                _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }

            int length = ReadAll(_handle);
            text = _buffer.AsSpan(0, length);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // A removed control group or device leaves a dead handle; the next read reopens the file.
            Dispose();
            _failure = failure.Message;
            return false;
        }
    }

    /// <summary>Returns the reason why the last <see cref="TryRead"/> failed: absent when the file is missing, otherwise failed.</summary>
    public SensorStatus Unreadable() => _failure is null ? _missing : new(SensorState.Failed, $"{shownPath} could not be read: {_failure}");

    /// <summary>Returns the state for a file with an unexpected format.</summary>
    public SensorStatus Unintelligible() => new(SensorState.Failed, $"{shownPath} has an unexpected format.");

    /// <summary>Closes the file; the next read reopens it.</summary>
    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }

    private int ReadAll(SafeFileHandle handle)
    {
        int length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                if (length >= MaxBytes)
                {
                    throw new IOException("The file is too large.");
                }

                Array.Resize(ref _buffer, length * 2);
            }

            // A read can return less than the whole file: the kernel returns whole lines, about a page at a time. If another line would
            // have fit, the file has ended, which saves the final empty read.
            int asked = _buffer.Length - length;
            int read = RandomAccess.Read(handle, _buffer.AsSpan(length), length);
            length += read;
            if (read == 0 || (read < asked && !longLines && length <= KernelBuffer - MaxLineLength))
            {
                return length;
            }
        }
    }
}
