using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PerfPortal.Server.Storage;

/// <summary>What a column needs on one provider only; <see cref="PortalDbContext"/> carries it out.</summary>
internal static class ColumnConventions
{
    public const string Ordinal = "portal:ordinal";
    public const string Legible = "portal:legible";

    /// <summary>Compared byte by byte, as SQLite does anyway: names that differ in case are two names.</summary>
    public static PropertyBuilder<string> UseOrdinalCollation(this PropertyBuilder<string> property) =>
        property.HasAnnotation(Ordinal, true);

    /// <summary>UTF-8 JSON that a person with a query tool can read on SQL Server; bytes on SQLite.</summary>
    public static PropertyBuilder<TProperty> LegibleOnSqlServer<TProperty>(this PropertyBuilder<TProperty> property) =>
        property.HasAnnotation(Legible, true);
}
