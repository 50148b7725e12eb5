using System.Text.Json;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Detects member names that are not valid Unicode, such as <c>"\ud800"</c>. The JSON grammar allows them (RFC 8259, 8.2), but
/// <see cref="JsonElement"/> throws on them, so they are rejected before any member is read.
/// </summary>
internal static class MemberNames
{
    /// <summary>The error message.</summary>
    public const string InvalidName = "The name of a member is not valid Unicode.";

    /// <summary>Whether the text contains an escaped surrogate; in valid UTF-8 without one every name is valid.</summary>
    public static bool MayContainLoneSurrogate(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    /// <summary>Whether every member name in the value is valid Unicode.</summary>
    public static bool AreValid(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (!IsValid(member) || !AreValid(member.Value))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (!AreValid(item))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return true;
        }
    }

    private static bool IsValid(JsonProperty member)
    {
        try
        {
            return member.Name is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
