namespace PerfPortal.Server.Wire;

/// <summary>
/// Marks the shape of a request body. The portal reads bodies member by member, so these types are used for the OpenAPI document only: members that
/// cannot be null are required, and attributes state the limits of the validators.
/// </summary>
internal interface IRequestBody;

/// <summary>Marks the shape of a request body in which a member with another name is an error.</summary>
internal interface IClosedRequestBody : IRequestBody;
