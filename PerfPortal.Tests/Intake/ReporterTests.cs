using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Intake;

public sealed class ReporterTests
{
    [Fact]
    public void A_report_by_key_takes_the_name_of_its_key() =>
        Assert.Equal("ci-runner", Reporter.SourceOf(CurrentUser("10.0.0.7", new ClaimsIdentity([new(ClaimTypes.Name, "ci-runner")], AccessMiddleware.KeyAuthentication))));

    [Fact]
    public void A_person_who_is_signed_in_is_no_source() =>
        Assert.Equal("10.0.0.7", Reporter.SourceOf(CurrentUser("10.0.0.7", new ClaimsIdentity([new(ClaimTypes.Name, "ada")], "Cookies"))));

    [Theory]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8::5", "2001:db8::5")]
    [InlineData(null, "local")]
    public void Without_a_key_it_is_the_address(string? address, string source) => Assert.Equal(source, Reporter.SourceOf(CurrentUser(address, new ClaimsIdentity())));

    [Fact]
    public void A_long_name_is_cut() =>
        Assert.Equal(
            OperationLimits.SourceCharacters,
            Reporter.SourceOf(CurrentUser(null, new ClaimsIdentity([new(ClaimTypes.Name, new('k', 300))], AccessMiddleware.KeyAuthentication))).Length);

    private static DefaultHttpContext CurrentUser(string? address, ClaimsIdentity identity)
    {
        var context = new DefaultHttpContext { User = new(identity) };
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        return context;
    }
}
