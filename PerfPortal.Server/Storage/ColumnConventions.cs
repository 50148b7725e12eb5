using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PerfPortal.Server.Storage;

/// <summary>Provider-specific column annotations, applied by <see cref="PortalDbContext"/>.</summary>
internal static class ColumnConventions
{
    public const string Ordinal = "portal:ordinal";
    public const string Legible = "portal:legible";

    /// <summary>Compares byte by byte, as SQLite does by default: names that differ in case are distinct.</summary>
    public static PropertyBuilder<string> UseOrdinalCollation(this PropertyBuilder<string> property) =>
        property.HasAnnotation(Ordinal, true);

    /// <summary>Stores UTF-8 JSON as text on SQL Server, readable in query tools, and as bytes on SQLite.</summary>
    public static PropertyBuilder<TProperty> LegibleOnSqlServer<TProperty>(this PropertyBuilder<TProperty> property) =>
        property.HasAnnotation(Legible, true);
}
