using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Security;

/// <summary>The permissions of an access key.</summary>
/// <param name="Name">The name of the key; the default source of reports sent with it.</param>
/// <param name="Scopes">The granted scopes.</param>
/// <param name="Stamp">A string that changes with the key and never contains it. A session is valid while its stamp is current.</param>
public sealed record AccessGrant(string Name, IReadOnlyList<Scope> Scopes, string Stamp)
{
    private const string StampClaim = "key_stamp";
    private const string SessionClaim = "session_id";

    /// <summary>Creates the caller's identity from the grant.</summary>
    /// <param name="authenticationType">How the caller authenticated.</param>
    /// <param name="session">The id of the caller's session; <see langword="null"/> for a caller without one.</param>
    public ClaimsPrincipal ToPrincipal(string authenticationType, string? session = null)
    {
        var identity = new ClaimsIdentity(authenticationType);
        identity.AddClaim(new Claim(ClaimTypes.Name, Name));
        identity.AddClaim(new Claim(StampClaim, Stamp));
        foreach (var scope in Scopes)
        {
            identity.AddClaim(new Claim(Security.Scopes.ClaimType, scope.WireName()));
        }

        if (session is not null)
        {
            identity.AddClaim(new Claim(SessionClaim, session));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>Returns the id of the caller's session; <see langword="null"/> for a caller with a key, and on loopback.</summary>
    public static string? SessionOf(ClaimsPrincipal? caller) => caller?.FindFirstValue(SessionClaim);

    /// <summary>Returns the stamp of the key that the caller signed in with.</summary>
    public static string? StampOf(ClaimsPrincipal? caller) => caller?.FindFirstValue(StampClaim);
}

/// <summary>A source of access keys, such as the configuration or the store.</summary>
public interface IAccessKeySource
{
    /// <summary>Returns the grant of <paramref name="key"/>. The comparison takes constant time.</summary>
    ValueTask<AccessGrant?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Returns whether the key with this stamp is still valid.</summary>
    ValueTask<bool> IsCurrentAsync(string stamp, CancellationToken cancellationToken);
}

/// <summary>The admin key of the configuration, which grants every scope.</summary>
internal sealed class ConfiguredAdminKey : IAccessKeySource
{
    private readonly byte[]? _hash;
    private readonly AccessGrant? _grant;

    public ConfiguredAdminKey(AccessOptions options)
    {
        if (options.AdminKey is not { } key)
        {
            return;
        }

        _hash = Hash(key);
        _grant = new AccessGrant("admin", Scopes.All, Convert.ToHexStringLower(Hash("perfportal session stamp\n" + key)));
    }

    public ValueTask<AccessGrant?> FindAsync(string key, CancellationToken cancellationToken) =>
        new(_hash is not null && CryptographicOperations.FixedTimeEquals(Hash(key), _hash) ? _grant : null);

    public ValueTask<bool> IsCurrentAsync(string stamp, CancellationToken cancellationToken) =>
        new(_grant is not null && CryptographicOperations.FixedTimeEquals(Hash(stamp), Hash(_grant.Stamp)));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>Queries all key sources in the order of registration.</summary>
public sealed class AccessKeys(IEnumerable<IAccessKeySource> sources)
{
    private const int MaxKeyLength = 512;
    private readonly IAccessKeySource[] _sources = [.. sources];

    /// <summary>Returns the grant of <paramref name="key"/>, or <see langword="null"/> when the key is unknown.</summary>
    public async ValueTask<AccessGrant?> FindAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        foreach (var source in _sources)
        {
            if (await source.FindAsync(key, cancellationToken) is { } grant)
            {
                return grant;
            }
        }

        return null;
    }

    /// <summary>Returns whether the key with this stamp is still valid.</summary>
    public async ValueTask<bool> IsCurrentAsync(string stamp, CancellationToken cancellationToken)
    {
        foreach (var source in _sources)
        {
            if (await source.IsCurrentAsync(stamp, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }
}
