using System.Text.Json;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Names of members that are no Unicode text, such as <c>"\ud800"</c>. JSON's grammar allows them (RFC 8259, 8.2) and
/// <see cref="JsonElement"/> throws when it meets one, so they are refused before anything looks.
/// </summary>
internal static class MemberNames
{
    /// <summary>What is said of them.</summary>
    public const string InvalidName = "The name of a member is not valid Unicode.";

    /// <summary>Whether the text escapes half of a surrogate pair at all; in UTF-8 without that every name is good.</summary>
    public static bool MayBeBroken(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    /// <summary>Whether every name in the value is Unicode text.</summary>
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
