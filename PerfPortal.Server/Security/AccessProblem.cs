using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Security;

/// <summary>Writes problem details (RFC 9457) for rejected requests. They are never cached.</summary>
internal static class AccessProblem
{
    /// <summary>Writes the response.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Problems.WriteAsync(context, status, ReasonPhrases.GetReasonPhrase(status), detail);
    }
}
