using System.Security.Claims;

namespace PerfPortal.Server.Security;

/// <summary>What a caller may do. Wire names are the lower-case names.</summary>
public enum Scope
{
    /// <summary>Look at everything.</summary>
    Read,

    /// <summary>Report operations and samples.</summary>
    Report,

    /// <summary>Change settings, rules and keys.</summary>
    Admin,
}

/// <summary>Scopes as names and as claims.</summary>
public static class Scopes
{
    /// <summary>The type of the claim that carries a scope.</summary>
    public const string ClaimType = "scope";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<Scope> All { get; } = Enum.GetValues<Scope>();

    private static readonly string[] Names = ["read", "report", "admin"];

    /// <summary>The name of <paramref name="scope"/> on the wire.</summary>
    public static string WireName(this Scope scope) => Names[(int)scope];

    /// <summary>Says whether the caller has <paramref name="scope"/>. No scope contains another: an admin has all three.</summary>
    public static bool HasScope(this ClaimsPrincipal caller, Scope scope)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.HasClaim(ClaimType, scope.WireName());
    }
}
