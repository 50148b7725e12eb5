using System.IO.Hashing;
using System.Text;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Derives the ids of the operations of a batch that have none: from the idempotency key if there is one, otherwise from the bytes of the body. A
/// body that is sent again gets the same ids, so nothing counts twice. The hash is computed when the first id is needed.
/// </summary>
/// <param name="body">The decompressed body.</param>
/// <param name="source">The source of operations without one; bodies of different senders are different reports.</param>
/// <param name="key">The idempotency key, or <see langword="null"/>.</param>
internal sealed class BatchIds(ReadOnlyMemory<byte> body, string source, string? key)
{
    private ulong? _hash;

    /// <summary>Returns the id of an operation.</summary>
    /// <param name="start">Its start time.</param>
    /// <param name="item">The index of its item in the batch.</param>
    public Guid Of(DateTimeOffset start, int item) => OperationIds.Derive(start, _hash ??= Hash(), item);

    private ulong Hash()
    {
        var hash = new XxHash3();
        hash.Append(Encoding.UTF8.GetBytes(key is null ? $"body\0{source}\0" : $"key\0{source}\0{key}"));
        if (key is null)
        {
            hash.Append(body.Span);
        }

        return hash.GetCurrentHashAsUInt64();
    }
}
