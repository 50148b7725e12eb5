namespace PerfPortal.Server.Api.OpenApi;

/// <summary>Registers the OpenAPI document, which is written from the declarations of the endpoints and the types of their bodies.</summary>
internal static class OpenApiSetup
{
    /// <summary>The name of the document in its path.</summary>
    public const string DocumentName = "v1";

    /// <summary>Registers the document.</summary>
    public static IServiceCollection AddPortalOpenApi(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.CreateSchemaReferenceId = SchemaNames.Of;
        options.AddSchemaTransformer(SchemaWriter.WriteAsync);
        options.AddOperationTransformer(OperationWriter.WriteAsync);
        options.AddDocumentTransformer(DocumentWriter.WriteAsync);
    });
}
