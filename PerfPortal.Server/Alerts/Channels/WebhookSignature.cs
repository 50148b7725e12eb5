using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>Signs webhook messages, so that a receiver can check who sent them and when.</summary>
internal static class WebhookSignature
{
    /// <summary>The header: <c>t=</c> the Unix time in seconds, <c>,v1=</c> the signature in hexadecimal digits.</summary>
    public const string Header = "X-PerfPortal-Signature";

    /// <summary>The value of the header: HMAC-SHA256 with the secret, over the time, a full stop and the body.</summary>
    public static string Sign(string secret, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        string seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
