using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace PerfPortal.Server.Views;

/// <summary>Limits how many heavy requests run at once: the others wait briefly, or get 429 with <c>Retry-After</c>.</summary>
internal static class HeavyReadLimit
{
    // A client that reads slower than this for too long loses its place: an export must not be blocked for hours. Kestrel's own limit is 240 bytes per second.
    private static readonly MinDataRate MinExportRate = new(bytesPerSecond: 16 * 1024, gracePeriod: TimeSpan.FromSeconds(30));

    /// <summary>Marks an endpoint as a heavy read.</summary>
    public static TBuilder Heavy<TBuilder>(this TBuilder builder, HeavyRead kind)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new HeavyReadMetadata(kind)));
        return builder;
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
