namespace PerfPortal.Server.Wire;

/// <summary>The problems that an endpoint can return, in addition to those that follow from its access, its parameters and its body.</summary>
/// <param name="Statuses">The status codes.</param>
internal sealed record ProblemMetadata(IReadOnlyList<int> Statuses);

/// <summary>A header of a response.</summary>
/// <param name="Status">The status code of the response.</param>
/// <param name="Name">The name of the header.</param>
/// <param name="Description">What it contains.</param>
internal sealed record ResponseHeaderMetadata(int Status, string Name, string Description);

/// <summary>The items of a body that is an array.</summary>
/// <param name="Max">The maximum number of items.</param>
/// <param name="AcceptsOne">Whether the body can also be a single item instead of an array.</param>
internal sealed record BodyItemsMetadata(int Max, bool AcceptsOne);

/// <summary>Declares what endpoints accept and return.</summary>
internal static class ContractMetadataExtensions
{
    /// <summary>Declares the items of a body that is an array.</summary>
    public static TBuilder WithItems<TBuilder>(this TBuilder builder, int max, bool acceptsOne = false)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new BodyItemsMetadata(max, acceptsOne)));
        return builder;
    }

    /// <summary>Declares problems.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new ProblemMetadata(statuses)));
        return builder;
    }

    /// <summary>Declares a header of a response.</summary>
    public static TBuilder WithResponseHeader<TBuilder>(this TBuilder builder, string name, string description, int status = StatusCodes.Status200OK)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new ResponseHeaderMetadata(status, name, description)));
        return builder;
    }
}
