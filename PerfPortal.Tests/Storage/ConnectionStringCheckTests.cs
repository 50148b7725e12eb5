using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class ConnectionStringCheckTests
{
    [Theory]
    [InlineData("nonsense=1", "contains \"nonsense\", which SQL Server does not know")]
    [InlineData("nonsense", "is not a connection string")]
    [InlineData("Server=db;Database=perfportal;Password=\"open", "is not a connection string")]
    [InlineData("Server=db;Database=perfportal;Encrypt=sometimes", "has an invalid value for \"encrypt\"")]
    [InlineData("Server=db;Database=perfportal;Connect Timeout=soon", "has an invalid value for \"connect timeout\"")]
    [InlineData("Server=db;Database=perfportal;Connect Timeout=99999999999", "has an invalid value for \"connect timeout\"")]
    [InlineData("Database=perfportal", "does not specify a server")]
    [InlineData("Server=db", "does not specify a database")]
    [InlineData("Server=db;Database=perfportal;User Id=u;Password=to;p=secret", "contains a keyword after the password")]
    [InlineData("Server=db;Database=perfportal;Integrated Security=true;Authentication=Active Directory Integrated", "combines keywords")]
    public void An_invalid_connection_string_for_SQL_Server_is_explained_without_its_values(string connection, string expected)
    {
        string? explained = ConnectionStringCheck.Explain(DatabaseProvider.SqlServer, connection);
        Assert.StartsWith(expected, explained, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", explained, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense=1", "contains \"nonsense\", which SQLite does not know")]
    [InlineData("perfportal.db", "is not a connection string")]
    [InlineData("Mode=sometimes;Data Source=a.db", "has an invalid value for \"mode\"")]
    [InlineData("Pooling=true", "does not specify a file")]
    [InlineData("Data Source=:memory:", "specifies a database in memory")]
    [InlineData("Data Source=a.db;Mode=Memory", "specifies a database in memory")]
    [InlineData("Data Source=file:a.db?mode=ro", "specifies a URI")]
    [InlineData("Data Source=a.db;Mode=ReadOnly", "sets Mode=ReadOnly")]
    [InlineData("Data Source=a.db;Password=secret", "specifies a password")]
    public void An_invalid_connection_string_for_SQLite_is_explained(string connection, string expected) =>
        Assert.StartsWith(expected, ConnectionStringCheck.Explain(DatabaseProvider.Sqlite, connection), StringComparison.Ordinal);

    [Theory]
    [InlineData(DatabaseProvider.SqlServer, "Server=tcp:db.example,1433;Initial Catalog=perfportal;User ID=u;Password=\"a;b=c\";Encrypt=Strict;TrustServerCertificate=false")]
    [InlineData(DatabaseProvider.SqlServer, "Data Source=db;Database=perfportal;Integrated Security=SSPI")]
    [InlineData(DatabaseProvider.Sqlite, "Data Source=figures.db;Cache=Shared")]
    [InlineData(DatabaseProvider.Sqlite, "Filename=/var/lib/perfportal/figures.db")]
    public void A_valid_connection_string_passes(DatabaseProvider provider, string connection) => Assert.Null(ConnectionStringCheck.Explain(provider, connection));
}
