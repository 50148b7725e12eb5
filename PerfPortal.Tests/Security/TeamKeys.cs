using PerfPortal.Server.Security;

namespace PerfPortal.Tests.Security;

/// <summary>Keys with one scope each, beside the admin key of the configuration.</summary>
internal sealed class TeamKeys : IAccessKeySource
{
    public const string Admin = "correct-horse-battery-staple";
    public const string Read = "only-for-looking-at-things";
    public const string Report = "only-for-telling-of-things";

    public ValueTask<AccessGrant?> FindAsync(string key, CancellationToken cancellationToken) => new(key switch
    {
        Read => new AccessGrant("reader", [Scope.Read], "reader"),
        Report => new AccessGrant("reporter", [Scope.Report], "reporter"),
        _ => null,
    });

    public ValueTask<bool> IsCurrentAsync(string stamp, CancellationToken cancellationToken) => new(stamp is "reader" or "reporter");
}
