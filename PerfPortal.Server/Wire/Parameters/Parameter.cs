using System.Text.Json.Nodes;

namespace PerfPortal.Server.Wire.Parameters;

/// <summary>The part of a request that carries a parameter.</summary>
internal enum ParameterPlace
{
    /// <summary>The query of the URL.</summary>
    Query,

    /// <summary>A header.</summary>
    Header,

    /// <summary>A segment of the path.</summary>
    Path,
}

/// <summary>One or more parameters that an endpoint accepts.</summary>
internal interface IParameters
{
    /// <summary>The parameters.</summary>
    IEnumerable<Parameter> Parameters { get; }
}

/// <summary>
/// A parameter of a request, declared once: its reader applies the declared bounds, and the OpenAPI document lists them.
/// </summary>
/// <param name="name">The name on the wire.</param>
internal abstract class Parameter(string name) : IParameters
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; } = name;

    /// <summary>What the parameter means, in one or more sentences.</summary>
    public required string Description { get; init; }

    /// <summary>A valid value, as sent.</summary>
    public string? Example { get; init; }

    /// <summary>Where the parameter is sent.</summary>
    public virtual ParameterPlace Place => ParameterPlace.Query;

    /// <summary>Whether a request without the parameter is rejected.</summary>
    public virtual bool IsRequired => Place == ParameterPlace.Path;

    /// <summary>Type, bounds and default.</summary>
    public abstract ValueShape Shape { get; }

    IEnumerable<Parameter> IParameters.Parameters => [this];
}

/// <summary>The type, the bounds and the default of a parameter, in the terms of JSON Schema.</summary>
/// <param name="Type">The JSON type: <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>array</c>.</param>
internal sealed record ValueShape(string Type)
{
    /// <summary>The format, such as <c>uuid</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The minimum, inclusive.</summary>
    public double? Minimum { get; init; }

    /// <summary>The maximum, inclusive.</summary>
    public double? Maximum { get; init; }

    /// <summary>The maximum length in characters.</summary>
    public int? MaxLength { get; init; }

    /// <summary>All valid values, of each item in an array; empty when any value within the bounds is valid.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The name of the choices in generated clients; several parameters with the same choices share it.</summary>
    public string? ChoiceName { get; init; }

    /// <summary>The value that applies when the parameter is missing.</summary>
    public JsonNode? Default { get; init; }
}
