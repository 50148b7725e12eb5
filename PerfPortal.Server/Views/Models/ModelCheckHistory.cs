using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Server.Views.Models;

/// <summary>The recorded health checks of the models of the portal's host, of the last 28 days.</summary>
internal sealed class ModelCheckHistory(AdviceHistory history)
{
    /// <summary>The maximum number of checks in a trend.</summary>
    public const int MaxPoints = 60;

    /// <summary>The maximum number of checks that are listed.</summary>
    public const int MaxChecks = 50;

    /// <summary>The integrity scores of each model, 0–1, oldest first; a check without a result is a gap.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>> Scores() => history.Checks(HostSource.Name)
        .GroupBy(check => check.Key.Name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => (IReadOnlyList<double?>)[.. group.TakeLast(MaxPoints).Select(check => check.Score)], StringComparer.Ordinal);

    /// <summary>The checks of a model, the latest first.</summary>
    public IReadOnlyList<PastCheck> Checks(string model) => [.. history.Checks(HostSource.Name, model).Reverse().Take(MaxChecks)];
}
