using Microsoft.Win32.SafeHandles;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>A file of <c>/proc</c> or <c>/sys</c> that is kept open and read again from its start; the kernel writes its text anew at each reading.</summary>
/// <param name="path">Where it lies.</param>
/// <param name="shownPath">Its path without a prefix, for messages.</param>
/// <param name="longLines">Whether a line of it may be longer than <see cref="MaxLineLength"/>.</param>
internal sealed class KernelFile(string path, string shownPath, bool longLines) : IDisposable
{
    /// <summary>A line of an ordinary kernel file is never longer than this many bytes: a name and some twenty numbers.</summary>
    private const int MaxLineLength = 1024;

    /// <summary>The kernel collects lines in at least this many bytes (a page of the smallest size) before it hands them out.</summary>
    private const int KernelBuffer = 4096;

    private const int MaxBytes = 16 << 20;

    private byte[] _buffer = new byte[KernelBuffer];
    private SafeFileHandle? _handle;
    private readonly SensorStatus _missing = new(SensorState.Absent, $"This system has no {shownPath}.");
    private string? _failure;

    /// <summary>Reads the whole file into a buffer that the next call uses again. Allocates nothing unless the file has grown.</summary>
    /// <returns>Whether it could be read; if not, <see cref="Unreadable"/> says why.</returns>
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
            // A control group or a device that has gone leaves a dead handle behind; the next round opens anew.
            Dispose();
            _failure = failure.Message;
            return false;
        }
    }

    /// <summary>Why the last <see cref="TryRead"/> failed: absent when there is no such file, else failed.</summary>
    public SensorStatus Unreadable() => _failure is null ? _missing : new(SensorState.Failed, $"{shownPath} could not be read: {_failure}");

    /// <summary>The state of a file whose text is not what the kernel's documentation says.</summary>
    public SensorStatus Unintelligible() => new(SensorState.Failed, $"{shownPath} holds something that could not be understood.");

    /// <summary>Closes the file; the next reading opens it again.</summary>
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

            // One reading need not return everything: the kernel hands out whole lines, a page or so at a time. Where one more line would have
            // found room there is none, and the reading that would only say so is saved.
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
