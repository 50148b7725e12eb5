using System.Globalization;
using System.Text.Json;

namespace PerfPortal.Domain.Client;

/// <summary>The answer to a batch of operations.</summary>
/// <param name="Accepted">The number of operations that are new to the portal.</param>
/// <param name="Duplicates">The number of operations that it knows already.</param>
/// <param name="Rejected">Why it rejected others.</param>
internal sealed record BatchAnswer(int Accepted, int Duplicates, IReadOnlyList<string> Rejected);

/// <summary>Reads what the portal answers to batches. A body that is something else gives <see langword="null"/>.</summary>
internal static class BatchAnswers
{
    /// <summary>Reads the answer to a batch of operations.</summary>
    public static BatchAnswer? Read(byte[] body) => Parse(body, static root =>
        root.GetProperty("accepted"u8).TryGetInt32(out int accepted) && root.GetProperty("duplicates"u8).TryGetInt32(out int duplicates) && accepted >= 0 && duplicates >= 0
            ? new BatchAnswer(accepted, duplicates, [.. root.GetProperty("rejected"u8).EnumerateArray().Select(item => item.GetProperty("detail"u8).GetString() ?? "")])
            : null);

    /// <summary>Reads the number of accepted samples.</summary>
    public static int? AcceptedSamples(byte[] body) => Parse<int?>(body, static root => root.GetProperty("accepted"u8).TryGetInt32(out int accepted) && accepted >= 0 ? accepted : null);

    /// <summary>Reads the places of invalid items, with their reasons, from the pointers of a validation problem; empty when they do not name any.</summary>
    public static Dictionary<int, string> InvalidItems(byte[] problem, int count) => Parse(problem, root =>
    {
        var invalid = new Dictionary<int, string>();
        foreach (var error in root.GetProperty("errors"u8).EnumerateArray())
        {
            if (error.GetProperty("pointer"u8).GetString()?.Split('/') is ["", var place, ..]
                && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < count)
            {
                invalid.TryAdd(index, error.GetProperty("detail"u8).GetString() ?? "");
            }
        }

        return invalid;
    }) ?? [];

    private static T? Parse<T>(byte[] body, Func<JsonElement, T?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return default;
        }
    }
}
