using PerfPortal.Server.Storage;
using PerfPortal.Tests.Settings;
using PerfPortal.Tests.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class FileAccessProblemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Database => Path.Combine(_folder.Path, "perfportal.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_prevents_a_new_file_in_a_directory_that_is_created_first() =>
        Assert.Null(FileAccessProblem.Explain(Path.Combine(_folder.Path, "deeper", "data", "perfportal.db"), "-wal", "-shm"));

    [Fact]
    public void A_file_in_place_of_a_directory_is_named()
    {
        File.WriteAllText(Database, "");
        Assert.StartsWith(Database + " is a file, but a directory is expected there", FileAccessProblem.Explain(Path.Combine(Database, "deeper", "perfportal.db")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_file_system_is_named()
    {
        using var disk = SmallDisk.Mount(4);
        disk.SetReadOnly(true);
        Assert.StartsWith(disk.Path + " is on a read-only file system: mount it writable", FileAccessProblem.Explain(Path.Combine(disk.Path, "perfportal.db")), StringComparison.Ordinal);
        disk.SetReadOnly(false);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    public void A_file_without_write_permission_is_named_with_its_owner_and_a_remedy(string ending)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Root may write every file.");
        File.WriteAllText(Database + ending, "");
        Forbid(Database + ending);

        Assert.Equal(
            $"The portal runs as {Environment.UserName} and cannot write to {Database + ending}, which belongs to {Environment.UserName} without that permission: allow it with chmod u+rw {Database + ending}.",
            FileAccessProblem.Explain(Database, "-wal", "-shm"));
    }

    [Fact]
    public void A_directory_of_another_user_is_named_with_its_owner_and_a_remedy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName != "root", "Root may write every directory.");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true", "The remedy in a container is another.");
        Assert.Equal(
            $"The portal runs as {Environment.UserName} and cannot write to /usr, which belongs to root: make {Environment.UserName} its owner with chown {Environment.UserName} /usr.",
            FileAccessProblem.ExplainDirectory("/usr/perfportal/data"));
    }

    [Fact]
    public void In_a_container_the_remedy_names_the_user_by_number_because_the_host_does_not_know_the_name()
    {
        Assert.Equal("chown 1654 on the host, for the folder that is mounted at /data", FileAccessProblem.ChangeOwner("app", 1654, "/data", inContainer: true));
        Assert.Equal("chown app /data", FileAccessProblem.ChangeOwner("app", 1654, "/data", inContainer: false));
    }

    private static void Forbid(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }
    }
}
