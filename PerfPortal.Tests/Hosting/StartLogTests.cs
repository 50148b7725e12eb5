using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class StartLogTests
{
    [Fact]
    public async Task A_first_and_a_second_start_log_no_warning_and_no_error()
    {
        using var folder = new TemporaryFolder();
        for (int start = 0; start < 2; start++)
        {
            await using var portal = await PortalProcess.StartAsync(folder.Path);
            (await portal.Client.GetAsync("dashboard")).Expect(200);
            await portal.KillAsync();
            Assert.Contains(portal.Log, line => line.StartsWith("info: ", StringComparison.Ordinal));
            Assert.DoesNotContain(portal.Log, line => !line.StartsWith("info: ", StringComparison.Ordinal) && !line.StartsWith("      ", StringComparison.Ordinal));
        }
    }
}
