using System.Security.Claims;

namespace PerfPortal.Server.Security;

/// <summary>The permission of a caller. Wire names are the lower-case names.</summary>
public enum Scope
{
    /// <summary>Read all data.</summary>
    Read,

    /// <summary>Report operations and samples.</summary>
    Report,

    /// <summary>Change settings, rules and keys.</summary>
    Admin,
}

/// <summary>Converts scopes to names and claims.</summary>
public static class Scopes
{
    /// <summary>The type of the claim that carries a scope.</summary>
    public const string ClaimType = "scope";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<Scope> All { get; } = Enum.GetValues<Scope>();

    private static readonly string[] Names = ["read", "report", "admin"];

    /// <summary>The wire name of <paramref name="scope"/>.</summary>
    public static string WireName(this Scope scope) => Names[(int)scope];

    /// <summary>Returns whether the caller has <paramref name="scope"/>. Scopes do not include each other: an admin has all three.</summary>
    public static bool HasScope(this ClaimsPrincipal caller, Scope scope)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.HasClaim(ClaimType, scope.WireName());
    }
}
