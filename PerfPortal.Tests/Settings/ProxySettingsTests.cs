using Microsoft.Extensions.Configuration;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Settings.Configuration;
using Xunit;

namespace PerfPortal.Tests.Settings;

/// <summary>The settings for a reverse proxy.</summary>
public sealed class ProxySettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("/portal", "/portal")]
    [InlineData("/portal/", "/portal")]
    [InlineData("/tools/perf-portal_1.0~", "/tools/perf-portal_1.0~")]
    public void A_path_base_is_taken_without_a_slash_at_its_end(string? given, string expected) => Assert.Equal(expected, Read(("PathBase", given)).PathBase);

    [Theory]
    [InlineData("portal")]
    [InlineData("//portal")]
    [InlineData("/a/../b")]
    [InlineData("/a b")]
    [InlineData("/a?b")]
    [InlineData("https://example.org/portal")]
    public void Another_path_base_is_refused_by_name(string given) =>
        Assert.StartsWith($"PerfPortal:PathBase is \"{given}\" and must be a path such as /portal", Wrong(("PathBase", given)), StringComparison.Ordinal);

    [Fact]
    public void Trusted_proxies_are_addresses_and_networks()
    {
        var options = Read(("Access:TrustedProxies", "10.0.0.0/8, 192.0.2.1;::1"));
        Assert.Equal(["10.0.0.0/8", "192.0.2.1/32", "::1/128"], options.Access.TrustedProxies.Select(network => network.ToString()));
        Assert.Equal(["10.1.0.0/16"], Read(("Access:TrustedProxies:0", "10.1.0.0/16")).Access.TrustedProxies.Select(network => network.ToString()));
        Assert.Empty(Read().Access.TrustedProxies);
    }

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/33")]
    [InlineData("*")]
    public void Anything_else_is_refused_by_name(string given) =>
        Assert.StartsWith($"PerfPortal:Access:TrustedProxies is \"{given}\" and must be an IP address, or a network", Wrong(("Access:TrustedProxies", given)), StringComparison.Ordinal);

    private string Wrong(params (string Key, string? Value)[] settings) => Assert.Single(Assert.Throws<PortalConfigurationException>(() => Read(settings)).Errors);

    private PortalOptions Read(params (string Key, string? Value)[] settings) => PortalOptionsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("PerfPortal:" + setting.Key, setting.Value))).Build(), _folder.Path);
}
