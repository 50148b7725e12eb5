using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Storage;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class DataDirectoryTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Listable = Private | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();
    private readonly LogRecords _log = new();

    public DataDirectoryTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no mode on Windows.");

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Other_users_can_read_neither_a_new_data_directory_nor_one_of_an_earlier_version(bool isOfEarlierVersion)
    {
        if (isOfEarlierVersion)
        {
            await (await PortalFactory.StartOnAsync(Data)).DisposeAsync();
            SetMode(Data, Listable);
            SetMode(Path.Combine(Data, "keys"), Listable);
            foreach (string file in Directory.GetFiles(Data, "*", SearchOption.AllDirectories))
            {
                SetMode(file, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            }
        }

        await using var portal = await PortalFactory.StartOnAsync(Data);
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("private") })).Expect(200);
        (await portal.Client.GetAsync("/operations")).Expect(200);

        Assert.Equal(Private | UnixFileMode.UserExecute, Mode(Data));
        string[] files = Directory.GetFiles(Data, "*", SearchOption.AllDirectories);
        Assert.Contains(Path.Combine(Data, "perfportal.db-wal"), files);
        Assert.Contains(files, file => file.EndsWith(".xml", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal((file, Private), (file, Mode(file))));
        Assert.Equal(Private | UnixFileMode.UserExecute, Mode(Path.Combine(Data, "keys")));
    }

    [Fact]
    public void A_directory_that_also_holds_files_of_others_keeps_its_mode_and_is_warned_about()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "letter.txt"), "");
        SetMode(Data, Listable);

        DataDirectory.Secure(new PortalOptions { DataDirectory = Data }, _log);

        Assert.Equal(Listable, Mode(Data));
        var (level, message) = Assert.Single(_log.All);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("also contains letter.txt", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_system_that_refuses_to_change_a_mode_is_not_said_to_have_changed_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a directory of ours whose mode nobody may change.");
        const string Refusing = "/proc/self/task";
        Assert.True(PrivateFiles.IsOpenToOthers(Refusing));
        Assert.False(PrivateFiles.Tighten(Refusing));

        Directory.CreateDirectory(Data);
        SetMode(Data, Listable);
        Assert.True(PrivateFiles.Tighten(Data));
        Assert.Equal(Private | UnixFileMode.UserExecute, Mode(Data));
    }

    [Theory]
    [InlineData("letter.txt", true, "me", "also contains letter.txt")]
    [InlineData(null, false, "them", "belongs to them")]
    [InlineData(null, true, "me", "cannot be made private by the portal's user")]
    [InlineData(null, null, null, "cannot be made private by the portal's user")]
    public void A_directory_whose_owner_is_unknown_is_not_said_to_belong_to_another_user(string? other, bool? isOurs, string? owner, string expected) =>
        Assert.Equal(expected, DataDirectory.Why(other, isOurs, owner));

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
