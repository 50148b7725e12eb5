using System.IO.Hashing;
using System.Text;
using BitFaster.Caching.Lru;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Intake;

/// <summary>
/// The <c>Idempotency-Key</c> header. The ids of a report are derived from its key, so a resend is recognised by its ids, even after a restart. This class
/// remembers the most recent keys only to reject a key that is used for two different bodies. A key belongs to its sender and route. Thread-safe.
/// </summary>
internal sealed class IdempotencyKeys
{
    /// <summary>The name of the header.</summary>
    public static readonly string Header = HeaderParameter.IdempotencyKey.Name;

    /// <summary>The maximum length of a key.</summary>
    public static readonly int MaxCharacters = HeaderParameter.IdempotencyKey.MaxLength!.Value;

    /// <summary>The number of keys remembered, about 1 MiB.</summary>
    public const int MaxRemembered = 10_000;

    /// <summary>The name of the route that starts an operation.</summary>
    public const string StartRoute = "start";

    /// <summary>The name of the route that takes batches.</summary>
    public const string BatchRoute = "batch";

    private readonly ConcurrentLru<UInt128, ulong> _bodies = new(MaxRemembered);

    /// <summary>Reads the key of a request.</summary>
    /// <returns>The key, or <see langword="null"/> without one; and the problem if it is not valid.</returns>
    public static (string? Key, IResult? Problem) Read(HttpRequest request)
    {
        var values = request.Headers[Header];
        if (values.Count == 0)
        {
            return (null, null);
        }

        // The IETF draft has a quoted string; most clients send the bare key.
        string key = values.ToString().Trim();
        key = key is ['"', .. var inner, '"'] ? inner : key;
        return values.Count > 1 || key.Length == 0 || key.Length > MaxCharacters || key.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? (null, Problems.Invalid([new($"{Header} must be one key of 1 to {MaxCharacters} printable ASCII characters.", $"/{Header}")]))
            : (key, null);
    }

    /// <summary>Remembers the body of a valid report with a key; returns the problem if the key was used for another body.</summary>
    public IResult? Claim(string? key, string route, string sender, ReadOnlySpan<byte> body)
    {
        if (key is null)
        {
            return null;
        }

        ulong content = XxHash3.HashToUInt64(body);
        return _bodies.GetOrAdd(HashOf(route, sender, key), static (_, first) => first, content) == content
            ? null
            : Problems.Status(
                StatusCodes.Status422UnprocessableEntity, "The idempotency key was used before.",
                $"{Header} was used for a report with another body. Use a new key for a new report, and send a report again unchanged.");
    }

    /// <summary>Returns the id of the operation that a start with this key creates.</summary>
    public static Guid IdOf(string sender, string key) => OperationIds.OfKey(HashOf(StartRoute, sender, key));

    private static UInt128 HashOf(string route, string sender, string key) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{route}\0{sender}\0{key}"));
}
