using System.Runtime.Versioning;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Models.Files;

public sealed class RegularFileTests
{
    [Fact]
    public void What_a_path_leads_to_is_known_behind_links()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has all of them.");
        using var folder = new TemporaryFolder();
        string At(string name) => Path.Join(folder.Path, name);
        void Link(string name, string target) => File.CreateSymbolicLink(At(name), target);
        File.WriteAllText(At("file"), "x");
        OddEntry.Pipes(At("pipe"));
        OddEntry.Socket(At("socket"));
        foreach (string name in new[] { "file", "pipe", "socket", "none", "link-to-pipe" })
        {
            Link("link-to-" + name, name);
        }

        Link("link-to-device", "/dev/zero");
        Link("link-to-directory", ".");
        Link("one", "other");
        Link("other", "one");
        (string Name, EntryKind Kind)[] expected =
        [
            ("file", EntryKind.File), ("pipe", EntryKind.Pipe), ("socket", EntryKind.Socket), ("none", EntryKind.Missing), ("file/below", EntryKind.Missing), (".", EntryKind.Directory),
            ("link-to-file", EntryKind.File), ("link-to-pipe", EntryKind.Pipe), ("link-to-socket", EntryKind.Socket), ("link-to-none", EntryKind.BrokenLink), ("link-to-link-to-pipe", EntryKind.Pipe),
            ("link-to-device", EntryKind.Device), ("link-to-directory", EntryKind.Directory), ("one", EntryKind.CircularLink),
        ];
        Assert.Equal(expected, expected.Select(entry => (entry.Name, RegularFile.KindOf(At(entry.Name)))));
        Assert.Equal("This is a named pipe, not a file.", Assert.Throws<IOException>(() => RegularFile.OpenRead(At("link-to-pipe"))).Message);
        Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(At("link-to-device"), 10));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(At("link-to-none")));
        Assert.Equal("x"u8.ToArray(), RegularFile.ReadAllBytes(At("link-to-file"), 1));
        Assert.Throws<InvalidDataException>(() => RegularFile.ReadAllBytes(At("link-to-file"), 0));
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_draft_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no named pipes in directories.");
        using var folder = new TemporaryFolder();
        string path = Path.Join(folder.Path, "note");
        foreach (bool isStream in new[] { false, true })
        {
            OddEntry.Pipes(path, path + AtomicFile.Suffix);
            await Task.Run(
                () =>
                {
                    if (isStream)
                    {
                        AtomicFile.Write(path, stream => stream.Write("new"u8));
                    }
                    else
                    {
                        AtomicFile.Write(path, "new"u8);
                    }
                },
                TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Equal("new", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        }

        // Nor is a link followed, which would replace the content of another file.
        string other = Path.Join(folder.Path, "other");
        await File.WriteAllTextAsync(other, "old", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(path + AtomicFile.Suffix, other);
        AtomicFile.Write(path, "newer"u8);
        Assert.Equal(("newer", "old"), (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(other, TestContext.Current.CancellationToken)));
        Assert.Null(new FileInfo(path).LinkTarget);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void What_was_looked_at_is_opened_also_if_a_pipe_takes_its_place()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux opens what is held.");
        using var folder = new TemporaryFolder();
        string path = Path.Join(folder.Path, "file");
        File.WriteAllText(path, "x");
        using var held = LinuxStatus.Hold(path);
        OddEntry.Pipes(path);
        using var handle = RegularFile.OpenHeld(held, path, FileOptions.None, FileShare.ReadWrite | FileShare.Delete);
        Assert.Equal(1, RandomAccess.GetLength(handle));
        using var pipe = LinuxStatus.Hold(path);
        Assert.Throws<IOException>(() => RegularFile.OpenHeld(pipe, path, FileOptions.None, FileShare.ReadWrite));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(Path.Join(path, "below")));
    }
}
