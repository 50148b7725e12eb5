using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Security;

/// <summary>What a key gives.</summary>
/// <param name="Name">The key's name; the source of what is reported with it, unless the report names another.</param>
/// <param name="Scopes">What its bearer may do.</param>
/// <param name="Stamp">A text that changes when the key does; a session lasts while its stamp is current. Never the key itself.</param>
public sealed record AccessGrant(string Name, IReadOnlyList<Scope> Scopes, string Stamp)
{
    private const string StampClaim = "key_stamp";

    /// <summary>The grant as the caller's identity.</summary>
    public ClaimsPrincipal ToPrincipal(string authenticationType)
    {
        var identity = new ClaimsIdentity(authenticationType);
        identity.AddClaim(new Claim(ClaimTypes.Name, Name));
        identity.AddClaim(new Claim(StampClaim, Stamp));
        foreach (var scope in Scopes)
        {
            identity.AddClaim(new Claim(Security.Scopes.ClaimType, scope.WireName()));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The stamp of the key that a session was opened with.</summary>
    public static string? StampOf(ClaimsPrincipal? caller) => caller?.FindFirstValue(StampClaim);
}

/// <summary>A place where keys are known: the configuration, the store.</summary>
public interface IAccessKeySource
{
    /// <summary>Finds what <paramref name="key"/> gives, in a time that does not depend on how much of it is right.</summary>
    ValueTask<AccessGrant?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Says whether the key behind <paramref name="stamp"/> still is one.</summary>
    ValueTask<bool> IsCurrentAsync(string stamp, CancellationToken cancellationToken);
}

/// <summary>The key of the configuration, with every scope.</summary>
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

/// <summary>Every place where keys are known, asked in the order of registration.</summary>
public sealed class AccessKeys(IEnumerable<IAccessKeySource> sources)
{
    private const int MaxKeyLength = 512;
    private readonly IAccessKeySource[] _sources = [.. sources];

    /// <summary>Finds what <paramref name="key"/> gives.</summary>
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

    /// <summary>Says whether the key behind <paramref name="stamp"/> still is one.</summary>
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
