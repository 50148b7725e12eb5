namespace PerfPortal.Server.Security;

/// <summary>
/// The scope that an endpoint requires. An endpoint with several attributes requires all of their scopes. An endpoint with neither this nor
/// <see cref="AnonymousAccessAttribute"/> rejects every request in a team deployment. Pages use it as an attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireScopeAttribute(Scope scope) : Attribute
{
    /// <summary>The scope.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>A scope that suffices as well; <see langword="null"/> when only <see cref="Scope"/> does.</summary>
    public Scope? OrElse { get; internal init; }

    /// <summary>The scopes of which one suffices.</summary>
    public IReadOnlyList<Scope> AnyOf => OrElse is { } other ? [Scope, other] : [Scope];

    /// <summary>The wire names of <see cref="AnyOf"/>: <c>read or report</c>.</summary>
    public string Words => string.Join(" or ", AnyOf.Select(one => one.WireName()));
}

/// <summary>Marks an endpoint that requires no sign-in, even in a team deployment.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AnonymousAccessAttribute : Attribute;

/// <summary>Marks an endpoint that responds before the access mode is known: probes report on the process, and startup may take long.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HealthProbeAttribute : Attribute;

/// <summary>Configures the access that endpoints require.</summary>
public static class AccessMetadataExtensions
{
    /// <summary>Requires <paramref name="scope"/>, or <paramref name="orElse"/>. Static assets, pages and their circuit require <see cref="Scope.Read"/>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, Scope scope, Scope? orElse = null)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RequireScopeAttribute(scope) { OrElse = orElse }));
        return builder;
    }

    /// <summary>Allows anonymous access. Use only for health probes and sign-in.</summary>
    public static TBuilder AllowAnonymousAccess<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new AnonymousAccessAttribute()));
        return builder;
    }

    /// <summary>Allows anonymous access to a health probe, even while the portal is starting.</summary>
    public static TBuilder AsHealthProbe<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new HealthProbeAttribute()));
        return builder.AllowAnonymousAccess();
    }
}
