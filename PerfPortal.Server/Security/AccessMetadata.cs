namespace PerfPortal.Server.Security;

/// <summary>
/// The scope that an endpoint asks for. An endpoint with several of them asks for all; one with neither this nor
/// <see cref="AnonymousAccessAttribute"/> is closed in a team deployment. A page carries it as an attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireScopeAttribute(Scope scope) : Attribute
{
    /// <summary>The scope.</summary>
    public Scope Scope { get; } = scope;
}

/// <summary>The endpoint answers everybody, in a team deployment too.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AnonymousAccessAttribute : Attribute;

/// <summary>Says what an endpoint asks of its caller.</summary>
public static class AccessMetadataExtensions
{
    /// <summary>The endpoints ask for <paramref name="scope"/>; static assets, pages and their circuit ask for <see cref="Scope.Read"/>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, Scope scope)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RequireScopeAttribute(scope)));
        return builder;
    }

    /// <summary>The endpoints answer everybody: probes and sign-in, nothing else.</summary>
    public static TBuilder AllowAnonymousAccess<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new AnonymousAccessAttribute()));
        return builder;
    }
}
