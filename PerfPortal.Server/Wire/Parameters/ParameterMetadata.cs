namespace PerfPortal.Server.Wire.Parameters;

/// <summary>The parameters that an endpoint accepts.</summary>
/// <param name="Parameters">The parameters.</param>
internal sealed record ParameterMetadata(IReadOnlyList<Parameter> Parameters)
{
    /// <summary>The declared parameters of an endpoint, each once.</summary>
    public static IReadOnlyList<Parameter> Of(EndpointMetadataCollection metadata) =>
        [.. metadata.GetOrderedMetadata<ParameterMetadata>().SelectMany(item => item.Parameters).Distinct()];
}

/// <summary>Declares the parameters of endpoints.</summary>
internal static class ParameterMetadataExtensions
{
    /// <summary>Declares parameters; an endpoint may read only these.</summary>
    public static TBuilder WithParameters<TBuilder>(this TBuilder builder, params IEnumerable<IParameters> parameters)
        where TBuilder : IEndpointConventionBuilder
    {
        var declared = new ParameterMetadata([.. parameters.SelectMany(item => item.Parameters)]);
        builder.Add(endpoint => endpoint.Metadata.Add(declared));
        return builder;
    }
}
