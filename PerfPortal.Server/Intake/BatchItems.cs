using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Collects the items of a batch. <see cref="ItemDecoder"/> reads common items, <see cref="OperationBodies"/> all others; one
/// <see cref="OperationValidator"/> validates all of them. Not thread-safe.
/// </summary>
internal sealed class BatchItems
{
    /// <summary>The maximum size of an item in bytes, so that no item becomes a large document.</summary>
    public const int MaxItemBytes = 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = BodyReader.MaxDepth };

    private readonly ItemDecoder _decoder = new();
    private readonly OperationValidator _validator;
    private readonly List<ValidationError> _errors = [];

    /// <summary>Creates an empty batch.</summary>
    /// <param name="source">The source of operations without one.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <param name="ids">Derives the ids of operations without one.</param>
    public BatchItems(string source, DateTimeOffset now, BatchIds ids) => _validator = new(source, now, start => ids.Of(start, Batch.Count));

    /// <summary>The items so far.</summary>
    public Batch Batch { get; } = new();

    /// <summary>Whether another item exceeds the limit.</summary>
    public bool IsFull => Batch.Count == BatchReader.MaxItems;

    /// <summary>Adds a common item at the reader's position and advances the reader to its end.</summary>
    /// <returns><see langword="false"/> when <see cref="AddDocument"/> has to read the item; the reader is then at an arbitrary position within it.</returns>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public bool TryAdd(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        long begin = reader.TokenStartIndex;
        if (!_decoder.TryRead(ref reader, text, out var draft) || reader.BytesConsumed - begin > MaxItemBytes)
        {
            return false;
        }

        Add(in draft);
        return true;
    }

    /// <summary>Adds a common item that is the whole text.</summary>
    /// <returns><see langword="false"/> when <see cref="AddDocument"/> has to read it.</returns>
    public bool TryAdd(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text) || MemberNames.MayContainLoneSurrogate(text))
        {
            return false;
        }

        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = BodyReader.MaxDepth });
        try
        {
            if (!reader.Read() || !_decoder.TryRead(ref reader, text, out var draft) || reader.Read())
            {
                return false;
            }

            Add(in draft);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Adds any item by way of a document.</summary>
    /// <exception cref="JsonException">The item is not valid JSON.</exception>
    public void AddDocument(ReadOnlyMemory<byte> item)
    {
        if (item.Length > MaxItemBytes)
        {
            Reject(string.Create(CultureInfo.InvariantCulture, $"The operation has {item.Length} bytes; at most {MaxItemBytes} are accepted."));
            return;
        }

        using var document = JsonDocument.Parse(item, Strict);
        Add(document.RootElement);
    }

    /// <summary>Rejects an item.</summary>
    public void Reject(string detail) => Batch.Reject(detail);

    private void Add(JsonElement item)
    {
        var text = JsonMarshal.GetRawUtf8Value(item);
        if (!Utf8.IsValid(text))
        {
            Reject("The operation is not valid UTF-8.");
        }
        else if (MemberNames.MayContainLoneSurrogate(text) && !MemberNames.AreValid(item))
        {
            Reject(MemberNames.InvalidName);
        }
        else if (OperationBodies.TryReadEnded(item, new(_errors), out var draft))
        {
            Add(in draft);
        }
        else
        {
            RejectForErrors();
        }
    }

    private void Add(in ReportDraft draft)
    {
        if (_validator.Ended(in draft, new(_errors)) is { } operation)
        {
            Batch.Add(operation);
        }
        else
        {
            RejectForErrors();
        }
    }

    private void RejectForErrors()
    {
        Reject(string.Join(" ", _errors.Select(error => error.Detail)));
        _errors.Clear();
    }
}
