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
    /// <summary>Requires <paramref name="scope"/>. Static assets, pages and their circuit require <see cref="Scope.Read"/>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, Scope scope)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RequireScopeAttribute(scope)));
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
