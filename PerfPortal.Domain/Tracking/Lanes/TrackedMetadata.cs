using System.Text.Json;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>Creates metadata from the members of a scope, within the limits of the contract.</summary>
internal static class TrackedMetadata
{
    // A character needs at most six bytes of JSON; a number and the punctuation of a member fit in the remainder.
    private const int BytesPerCharacter = 6;
    private const int BytesAround = 32;

    /// <summary>Merges the members in order; members that exceed <see cref="OperationLimits.MetadataBytes"/> are dropped.</summary>
    public static Metadata Of(
        ReadOnlySpan<KeyValuePair<string, MetadataValue>> first, ReadOnlySpan<KeyValuePair<string, MetadataValue>> then, out int dropped)
    {
        dropped = 0;
        if (first.IsEmpty)
        {
            return Metadata.Empty;
        }

        int max = MaxCount(first) + MaxCount(then);
        if (then.IsEmpty && max <= OperationLimits.MetadataBytes)
        {
            return Metadata.Of(first);
        }

        var metadata = Metadata.Of([.. first, .. then]);
        return max <= OperationLimits.MetadataBytes ? metadata : Fit(metadata, out dropped);
    }

    private static int MaxCount(ReadOnlySpan<KeyValuePair<string, MetadataValue>> members)
    {
        int max = 0;
        foreach (var member in members)
        {
            max += (BytesPerCharacter * Math.Min(OperationLimits.MetadataBytes, (member.Key?.Length ?? 0) + (member.Value.Text?.Length ?? 0))) + BytesAround;
            if (member.Key is null || member.Key.Length > OperationLimits.MetadataKeyCharacters)
            {
                max = OperationLimits.MetadataBytes + 1;
            }
        }

        return max;
    }

    private static Metadata Fit(Metadata metadata, out int dropped)
    {
        var kept = new List<KeyValuePair<string, MetadataValue>>(metadata.Count);
        int left = OperationLimits.MetadataBytes - 2;
        using var bytes = new MemoryStream();
        using var writer = new Utf8JsonWriter(bytes);
        foreach (var (key, value) in metadata)
        {
            if (TrackedText.Cut(key, OperationLimits.MetadataKeyCharacters) is not { } name || value.Text?.Length > left)
            {
                continue;
            }

            bytes.SetLength(0);
            writer.Reset();
            writer.WriteStartObject();
            writer.WritePropertyName(name);
            value.WriteTo(writer);
            writer.WriteEndObject();
            writer.Flush();
            int taken = (int)bytes.Length - 1;
            if (taken <= left)
            {
                left -= taken;
                kept.Add(new(name, value));
            }
        }

        dropped = metadata.Count - kept.Count;
        return Metadata.Of(kept);
    }
}
