using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class LinuxDiskProbeTests : IDisposable
{
    private const double Gi = 1L << 30;

    private readonly FakeLinux _linux = new();

    public void Dispose() => _linux.Dispose();

    [Fact]
    public void Sizes_are_those_that_df_prints()
    {
        Mounts("8:1 / / rw - ext4 /dev/sda1 rw").Size("/", 100 * Gi, 30 * Gi, 25 * Gi);

        var sample = Read("/srv/data").Sample;

        Assert.Equal(100, sample[ResourceMetric.DiskTotalGb]);
        Assert.Equal(25, sample[ResourceMetric.DiskFreeGb]);
        Assert.Equal(100 * 70 / 95.0, sample[ResourceMetric.DiskPercent]!.Value, 9);
        var disk = Assert.Single(sample.Disks);
        Assert.True(disk.HoldsData);
        Assert.Equal("/", disk.Name);
    }

    [Fact]
    public void Only_file_systems_of_disks_are_listed_each_once()
    {
        Mounts(
            "8:1 / / rw - ext4 /dev/sda1 rw",
            "0:21 / /proc rw - proc proc rw",
            "0:24 / /dev/shm rw - tmpfs tmpfs rw",
            "0:50 / /mnt/nas rw - nfs4 nas:/x rw",
            "7:3 / /snap/core ro - squashfs /dev/loop3 ro",
            "8:1 /etc/hosts /jail/etc/hosts rw - ext4 /dev/sda1 rw",
            "8:17 /sub /mnt/long/way rw shared:1 master:2 - xfs /dev/sdb1 rw",
            "8:17 / /mnt/whole\\040disk rw - xfs /dev/sdb1 rw",
            "0:41 /@ /pool rw - btrfs /dev/sdc rw",
            "0:42 /@home /pool/home rw - btrfs /dev/sdc rw")
            .Size("/", 10 * Gi, 5 * Gi, 5 * Gi).Size("/mnt/whole disk", Gi, Gi, Gi).Size("/pool", Gi, Gi, Gi);

        Assert.Equal(["/", "/mnt/whole disk", "/pool"], Read("/srv").Sample.Disks.Select(disk => disk.Name));
    }

    [Fact]
    public void The_data_directory_s_file_system_is_listed_whatever_it_is()
    {
        Mounts("0:60 / / rw - overlay overlay rw", "8:1 /vol /data rw - ext4 /dev/sda1 rw", "0:61 / /data/fast rw - tmpfs tmpfs rw")
            .Size("/", Gi, Gi, Gi).Size("/data", 4 * Gi, Gi, Gi).Size("/data/fast", 2 * Gi, Gi, Gi);

        Assert.Equal(1, Read("/srv/x").Sample[ResourceMetric.DiskTotalGb]);
        Assert.Equal(["/", "/data"], Read("/srv/x").Sample.Disks.Select(disk => disk.Name));
        Assert.Equal(4, Read("/data/portal").Sample[ResourceMetric.DiskTotalGb]);
        Assert.Equal(2, Read("/data/fast/portal").Sample[ResourceMetric.DiskTotalGb]);
        Assert.Equal(4, Read("/data/faster").Sample[ResourceMetric.DiskTotalGb]);
    }

    [Fact]
    public void Of_mounts_at_one_point_the_last_hides_the_others()
    {
        Mounts("8:1 / / rw - ext4 /dev/sda1 rw", "8:2 / /data rw - ext4 /dev/sda2 rw", "8:3 / /data rw - ext4 /dev/sda3 rw")
            .Size("/", Gi, Gi, Gi).Size("/data", 3 * Gi, Gi, Gi);

        Assert.Equal(["/", "/data"], Read("/data").Sample.Disks.Select(disk => disk.Name));
    }

    [Fact]
    public void Rates_are_the_physical_devices_and_nothing_is_counted_twice()
    {
        Mounts("253:0 / / rw - ext4 /dev/mapper/root rw", "8:1 / /boot rw - ext4 /dev/sda1 rw").Size("/", Gi, Gi, Gi).Size("/boot", Gi, Gi, Gi);
        _linux.MakeDirectory("/sys/block/sda/device").MakeDirectory("/sys/block/nvme0n1/device").MakeDirectory("/sys/block/dm-0").MakeDirectory("/sys/block/loop0");
        using var probe = new LinuxDiskProbe(_linux.Root, "/srv");
        Stats(("8 0 sda", 0, 0), ("8 1 sda1", 0, 0), ("259 0 nvme0n1", 0, 0), ("253 0 dm-0", 0, 0), ("7 0 loop0", 0, 0));
        (var first, var warming) = _linux.Read(probe, secondsAfter: 10);
        Stats(("8 0 sda", 1000, 20), ("8 1 sda1", 400, 20), ("259 0 nvme0n1", 500, 0), ("253 0 dm-0", 600, 0), ("7 0 loop0", 9000, 9000));

        (var second, var status) = _linux.Read(probe);

        Assert.Equal(SensorState.Warming, warming.State);
        Assert.Null(first[ResourceMetric.DiskReadBytesPerSecond]);
        Assert.Equal(1, first[ResourceMetric.DiskTotalGb]);
        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(1500 * 51.2, second[ResourceMetric.DiskReadBytesPerSecond]!.Value, 6);
        Assert.Equal(20 * 51.2, second[ResourceMetric.DiskWriteBytesPerSecond]!.Value, 6);
        Assert.Equal(600 * 51.2, second.Disks.Single(disk => disk.Name == "/").ReadBytesPerSecond!.Value, 6);
        Assert.Equal(400 * 51.2, second.Disks.Single(disk => disk.Name == "/boot").ReadBytesPerSecond!.Value, 6);
    }

    [Fact]
    public void Without_sys_the_names_tell_what_is_physical()
    {
        Mounts("8:1 / / rw - ext4 /dev/sda1 rw").Size("/", Gi, Gi, Gi);
        using var probe = new LinuxDiskProbe(_linux.Root, "/srv");
        (string, int, int)[] Devices(int sectors) =>
        [
            .. "8 0 sda,8 1 sda1,259 0 nvme0n1,259 1 nvme0n1p2,179 0 mmcblk0,179 1 mmcblk0p1,253 0 dm-0,252 0 zram0,9 0 md0,11 0 sr0"
                .Split(',').Select(name => (name, sectors, 0)),
        ];
        Stats(Devices(0));
        _linux.Read(probe, secondsAfter: 1);
        Stats(Devices(10));

        Assert.Equal(3 * 10 * 512, _linux.Read(probe).Sample[ResourceMetric.DiskReadBytesPerSecond]!.Value, 6);
    }

    [Fact]
    public void A_counter_that_goes_backwards_gives_no_rate_in_that_round_only()
    {
        Mounts("8:1 / / rw - ext4 /dev/sda1 rw").Size("/", Gi, Gi, Gi);
        using var probe = new LinuxDiskProbe(_linux.Root, "/srv");
        Stats(("8 0 sda", 5000, 10), ("8 16 sdb", 0, 0));
        _linux.Read(probe, secondsAfter: 1);
        Stats(("8 0 sda", 10, 20), ("8 16 sdb", 100, 100));

        var sample = _linux.Read(probe, secondsAfter: 1).Sample;
        Assert.Null(sample[ResourceMetric.DiskReadBytesPerSecond]);
        Assert.Equal(110 * 512, sample[ResourceMetric.DiskWriteBytesPerSecond]!.Value, 6);

        Stats(("8 0 sda", 20, 20), ("8 16 sdb", 100, 100));
        Assert.Equal(10 * 512, _linux.Read(probe).Sample[ResourceMetric.DiskReadBytesPerSecond]!.Value, 6);
    }

    [Fact]
    public void A_disk_that_comes_and_goes_adds_only_what_it_did_meanwhile()
    {
        Mounts("8:1 / / rw - ext4 /dev/sda1 rw").Size("/", Gi, Gi, Gi);
        using var probe = new LinuxDiskProbe(_linux.Root, "/srv");
        Stats(("8 0 sda", 0, 0));
        _linux.Read(probe, secondsAfter: 1);
        Stats(("8 0 sda", 1, 0), ("8 16 sdb", 1_000_000, 0));
        Assert.Equal(512, _linux.Read(probe, secondsAfter: 1).Sample[ResourceMetric.DiskReadBytesPerSecond]!.Value, 6);
        Stats(("8 0 sda", 2, 0));
        Assert.Equal(512, _linux.Read(probe, secondsAfter: 1).Sample[ResourceMetric.DiskReadBytesPerSecond]!.Value, 6);
        Stats(("8 0 sda", 3, 0), ("8 16 sdb", 2_000_000, 0));
        Assert.Equal(512, _linux.Read(probe, secondsAfter: 1).Sample[ResourceMetric.DiskReadBytesPerSecond]!.Value, 6);
    }

    [Fact]
    public void Sizes_are_told_though_nothing_counts_the_traffic()
    {
        Mounts("8:1 / / rw - ext4 /dev/sda1 rw").Size("/", Gi, Gi, Gi);

        (var sample, var status) = Read("/srv");

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Null(sample[ResourceMetric.DiskReadBytesPerSecond]);
        Assert.Null(Assert.Single(sample.Disks).ReadBytesPerSecond);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage\n1 2 x:y / / rw - ext4 /dev/sda1\n36 35 98:0 / /mnt\n - \n")]
    public void Without_a_known_size_of_the_data_s_disk_it_fails_with_a_reason(string mountinfo)
    {
        _linux.Write("/proc/self/mountinfo", mountinfo).Write("/proc/diskstats", "8 0\nx y z\n8 0 sda 1 2 what\n");

        (var sample, var status) = Read("/srv");

        Assert.Equal(SensorState.Failed, status.State);
        Assert.NotNull(status.Reason);
        Assert.Null(sample[ResourceMetric.DiskPercent]);
        Assert.Empty(sample.Disks);
    }

    private FakeLinux Mounts(params string[] lines) => _linux.Write(
        "/proc/self/mountinfo", string.Concat(lines.Select((line, number) => $"{number + 20} 1 {line}\n")));

    private void Stats(params (string Device, int Read, int Written)[] devices) => _linux.Write(
        "/proc/diskstats", string.Concat(devices.Select(one => $"   {one.Device} 7 8 {one.Read} 9 7 8 {one.Written} 9 0 1 2 0 0 0 0 3 4\n")));

    private (ResourceSample Sample, SensorStatus Status) Read(string dataDirectory)
    {
        using var probe = new LinuxDiskProbe(_linux.Root, dataDirectory);
        return _linux.Read(probe);
    }
}
