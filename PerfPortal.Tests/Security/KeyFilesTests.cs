using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class KeyFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogRecords _log = new();

    private string Keys => Path.Combine(_folder.Path, "keys");

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public void An_empty_or_truncated_key_file_is_set_aside_with_a_warning_that_names_it_and_a_new_key_is_made(int bytes)
    {
        string sealedText = Protector().Protect("session");
        string file = Assert.Single(Directory.GetFiles(Keys));
        File.WriteAllText(file, File.ReadAllText(file)[..bytes]);

        var protector = Protector();

        Assert.Equal("again", protector.Unprotect(protector.Protect("again")));
        Assert.ThrowsAny<Exception>(() => protector.Unprotect(sealedText));
        Assert.True(File.Exists(file + ".damaged"));
        Assert.NotEqual(file, Assert.Single(Directory.GetFiles(Keys, "*.xml")));
        Assert.Contains(_log.All, record => record.Level == LogLevel.Warning && record.Message.Contains(file, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_key_file_beside_a_good_one_ends_no_session()
    {
        string sealedText = Protector().Protect("session");
        File.WriteAllText(Path.Combine(Keys, "key-other.xml"), "<key id=\"not an id\"><descriptor /></key>");

        Assert.Equal("session", Protector().Unprotect(sealedText));
        Assert.True(File.Exists(Path.Combine(Keys, "key-other.xml.damaged")));
    }

    [Fact]
    public void A_damaged_key_file_that_appears_while_the_portal_runs_is_set_aside_at_the_next_reading()
    {
        var files = Files();
        files.StoreElement(new XElement("revocation"), "revocation-1");
        File.WriteAllText(Path.Combine(Keys, "key-new.xml"), "");

        Assert.Single(files.GetAllElements());
        Assert.Single(files.GetAllElements());
        Assert.Single(_log.All);
    }

    [Fact]
    public void Keys_that_cannot_be_stored_are_kept_in_memory_and_stored_later()
    {
        // A file in place of the directory refuses root as well.
        File.WriteAllText(Keys, "");
        var files = Files();
        files.StoreElement(new XElement("revocation"), "revocation-1");
        Assert.Single(files.GetAllElements());
        Assert.Contains(Keys + " is a file, but a directory is expected there", Assert.Single(_log.All).Message, StringComparison.Ordinal);

        File.Delete(Keys);

        Assert.Single(files.GetAllElements());
        Assert.Single(Files().GetAllElements());
    }

    [Fact]
    public void A_key_file_that_cannot_be_read_is_left_where_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Root reads every file.");
        string sealedText = Protector().Protect("session");
        string file = Assert.Single(Directory.GetFiles(Keys));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.None);
        }

        var protector = Protector();

        Assert.Equal("again", protector.Unprotect(protector.Protect("again")));
        Assert.ThrowsAny<Exception>(() => protector.Unprotect(sealedText));
        Assert.True(File.Exists(file));
    }

    private IDataProtector Protector() => new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Warning))
        .AddPortalAccess(new PortalOptions { DataDirectory = _folder.Path })
        .BuildServiceProvider()
        .GetRequiredService<IDataProtectionProvider>()
        .CreateProtector("test");

    private KeyFiles Files() => new(Keys, new LoggerFactory([_log]).CreateLogger<KeyFiles>());
}
