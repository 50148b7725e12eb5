using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using PerfPortal.Server.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class StartFailureTests
{
    [Theory]
    [InlineData("127.0.0.1:5080", "write --urls http://127.0.0.1:5080.")]
    [InlineData("localhost:5080", "write --urls http://localhost:5080.")]
    [InlineData("http://127.0.0.1:99999", "a port is a number up to 65535")]
    [InlineData("http://:5080", "write it like --urls http://127.0.0.1:5080.")]
    [InlineData("http://[::1", "no valid host and port")]
    [InlineData("ftp://127.0.0.1:5080", "use http:// or https://")]
    [InlineData("http://127.0.0.1:5080/portal", "contains a path; write --urls http://127.0.0.1:5080.")]
    [InlineData("http://localhost:0", "write --urls http://127.0.0.1:0.")]
    [InlineData("http://no-such-host.invalid:5080", "write --urls http://*:5080 to listen on all addresses")]
    [InlineData("http://127.0.0.1:5080;oops", "\"oops\"")]
    public void An_address_that_cannot_be_listened_on_is_refused_with_what_to_write(string urls, string remedy)
    {
        var refused = Assert.Throws<PortalStartException>(() => ListenAddresses.Check(Configuration(urls)));

        Assert.StartsWith("PerfPortal cannot start: the ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:5080/")]
    [InlineData("http://+:5080;https://[::1]:5443")]
    [InlineData("http://*:80; http://0.0.0.0")]
    [InlineData("http://unix:/run/portal.sock")]
    public void Addresses_of_every_kind_are_accepted(string urls) => ListenAddresses.Check(Configuration(urls));

    [Fact]
    public async Task A_configuration_file_that_is_not_JSON_ends_the_start_with_one_sentence_that_names_it()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "appsettings.json");
        await File.WriteAllTextAsync(file, "{ \"Logging\": ", TestContext.Current.CancellationToken);

        var (code, _, error) = await PortalProcess.RunAsync(folder.Path);

        Assert.Equal(1, code);
        Assert.StartsWith("PerfPortal cannot start: the configuration cannot be read.", error, StringComparison.Ordinal);
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_one_sentence_and_the_next_start_finds_everything_stored()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (code, output, error) = await PortalProcess.RunAsync(folder.Path, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

        Assert.Equal(1, code);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"PerfPortal cannot start: port {port} of http://127.0.0.1:{port} is already in use; "), error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        await using var again = await PortalProcess.StartAsync(folder.Path);
        Assert.DoesNotContain(again.Log, line => line.Contains("not shut down cleanly", StringComparison.Ordinal));
    }

    [Fact]
    public void A_port_below_1024_without_permission_is_explained() =>
        Assert.Contains("choose a port of 1024 or above, such as --urls http://127.0.0.1:5080", Explain(new SocketException((int)SocketError.AccessDenied), "http://127.0.0.1:80"), StringComparison.Ordinal);

    [Fact]
    public void An_address_of_another_machine_is_explained() =>
        Assert.Contains("http://10.9.8.7:5080 is not an address of this machine", Explain(new SocketException((int)SocketError.AddressNotAvailable), "http://10.9.8.7:5080"), StringComparison.Ordinal);

    [Fact]
    public void Https_without_a_certificate_is_explained() => Assert.Contains(
        "needs a certificate; set Kestrel:Certificates:Default:Path",
        Explain(new InvalidOperationException("Unable to configure HTTPS endpoint. No server certificate was specified."), "https://127.0.0.1:5443"), StringComparison.Ordinal);

    [Fact]
    public void The_taken_one_of_several_addresses_is_named()
    {
        var failure = new AggregateException(new IOException("Failed to bind to address http://127.0.0.1:5082: address already in use.", new AddressInUseException("in use")));

        Assert.StartsWith("port 5082 of ", Explain(failure, "http://127.0.0.1:5081", "http://127.0.0.1:5082"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_of_another_kind_keeps_its_stack_trace() => Assert.Null(ListenFailure.Explain(new InvalidOperationException("A defect."), ["http://127.0.0.1:5080"]));

    private static string Explain(Exception failure, params string[] addresses) => ListenFailure.Explain(failure, addresses)!;

    private static IConfiguration Configuration(string urls) => new ConfigurationBuilder().AddInMemoryCollection([new("urls", urls)]).Build();
}
