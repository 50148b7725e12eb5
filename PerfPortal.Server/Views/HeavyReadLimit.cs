using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views;

/// <summary>Limits how many heavy requests run at once: the others wait briefly, or get 429 with <c>Retry-After</c>.</summary>
internal static class HeavyReadLimit
{
    // A client that reads slower than this for too long loses its place: an export must not be blocked for hours. Kestrel's own limit is 240 bytes per second.
    private static readonly MinDataRate MinExportRate = new(bytesPerSecond: 16 * 1024, gracePeriod: TimeSpan.FromSeconds(30));

    private static readonly Dictionary<string, HeavyRead> Routes = new(StringComparer.Ordinal)
    {
        [ApiRoutes.Root + "/report"] = HeavyRead.Comparison,
        [ApiRoutes.Root + "/compare"] = HeavyRead.Comparison,
        [ApiRoutes.Root + "/benchmarks"] = HeavyRead.Comparison,
        [ApiRoutes.Root + "/optimize"] = HeavyRead.Comparison,
        [ApiRoutes.Root + "/settings/thresholds/preview"] = HeavyRead.Comparison,
        [ApiRoutes.Root + "/metrics/"] = HeavyRead.Search,
        [ApiRoutes.Root + "/resources/history"] = HeavyRead.Search,
        ["/export/operations.csv"] = HeavyRead.Export,
        ["/export/operations.json"] = HeavyRead.Export,
    };

    /// <summary>The routes that are limited; a route with a parameter ends before it.</summary>
    public static IReadOnlyDictionary<string, HeavyRead> Limited => Routes;

    /// <summary>Marks the heavy routes of a group.</summary>
    public static RouteGroupBuilder LimitHeavyReads(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } route } && Routes.TryGetValue(route.Split('{')[0], out var kind))
            {
                endpoint.Metadata.Add(new HeavyReadMetadata(kind));
            }
        });
        return group;
    }

    /// <summary>Applies the limit. Must be after the access check, so that clients without access do not take a place.</summary>
    public static void UseHeavyReadLimit(this WebApplication app)
    {
        var reads = app.Services.GetRequiredService<HeavyReads>();
        app.Use(next => context => context.GetEndpoint()?.Metadata.GetMetadata<HeavyReadMetadata>() is { Kind: var kind } ? RunAsync(context, reads, kind, next) : next(context));
    }

    private static async Task RunAsync(HttpContext context, HeavyReads reads, HeavyRead kind, RequestDelegate next)
    {
        using var place = await reads.EnterAsync(kind, context.RequestAborted).ConfigureAwait(false) ?? throw new PortalBusyException();
        if (kind == HeavyRead.Export && context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = MinExportRate;
        }

        await next(context).ConfigureAwait(false);
    }
}

/// <summary>The kind of a heavy endpoint.</summary>
internal sealed record HeavyReadMetadata(HeavyRead Kind);
