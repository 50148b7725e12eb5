using System.Text;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Reads network interfaces except loopback from <c>/proc/net/dev</c>.</summary>
/// <remarks>
/// Reports every interface; the totals cover the physical ones (<see cref="NetworkAdapters"/>). The traffic of virtual interfaces (bridges, veth, VLANs, bonds,
/// tunnels) passes through a physical one, where it would count twice, or never leaves the host. In a container no interface is physical: there the totals cover
/// those that carry a default route or, without one, all except those whose names indicate bridges, tunnels and the like.
/// </remarks>
internal sealed class LinuxNetworkProbe(LinuxRoot root) : IResourceProbe
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    private static readonly string[] Virtual =
    [
        "veth", "docker", "podman", "br-", "bridge", "virbr", "vmbr", "lxcbr", "lxdbr", "cni", "flannel", "cali", "cilium", "vxlan", "geneve", "ifb", "dummy", "bond", "team",
        "vlan", "macvlan", "ipvlan", "vnet", "tun", "tap", "wg", "tailscale", "gre", "erspan", "sit", "ip6", "ip_vti", "teql", "nlmon",
    ];

    private static readonly SensorStatus NoInterface = new(SensorState.Absent, "The host has no network interface except loopback.");

    private readonly KernelFile _file = root.File("/proc/self/net/dev");
    private readonly DefaultRoutes _routes = new(root);
    private readonly List<Interface> _interfaces = [];
    private TimeSpan? _lookAgainAt;
    private int _round;

    public string Sensor => Sensors.Network;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        if (!_file.TryRead(out var text))
        {
            _interfaces.Clear();
            return _file.Unreadable();
        }

        bool first = _round++ == 0;
        bool headed = Read(text, now);
        if (_interfaces.Count == 0)
        {
            return headed ? NoInterface : _file.Unintelligible();
        }

        Choose(now);
        SumRates(sample);
        return sample[ResourceMetric.NetworkRxBytesPerSecond] is not null && sample[ResourceMetric.NetworkTxBytesPerSecond] is not null ? SensorStatus.Ok
            : first ? CommonStates.FirstReading
            : CommonStates.NoDifference;
    }

    public void Detail(ResourceSample sample)
    {
        var readings = new NetworkReading[_interfaces.Count];
        for (int i = 0; i < readings.Length; i++)
        {
            readings[i] = new(_interfaces[i].Name, _interfaces[i].Received.ToNullable(), _interfaces[i].Sent.ToNullable());
        }

        sample.Networks = readings;
    }

    public void Dispose()
    {
        _file.Dispose();
        _routes.Dispose();
    }

    /// <summary>Parses <c>eth0: 687573545 14874 0 0 0 0 0 0 803408 9479 …</c>: the first number is bytes received, the ninth bytes sent. Old kernels write no blank after the colon.</summary>
    private bool Read(ReadOnlySpan<byte> text, TimeSpan now)
    {
        int seen = 0;
        bool headed = false;
        var lines = new KernelLines(text);
        while (lines.TryNext(out var line))
        {
            headed |= line.IndexOf("|bytes"u8) >= 0;
            int colon = line.LastIndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            var fields = new KernelFields(line[(colon + 1)..]);
            var name = line[..colon].Trim((byte)' ');
            if (name.SequenceEqual("lo"u8) || !fields.TryNextNumber(out ulong received) || !fields.TrySkip(7) || !fields.TryNextNumber(out ulong sent))
            {
                continue;
            }

            Find(name, seen++).Step(received, sent, now, _round);
        }

        if (seen != _interfaces.Count)
        {
            _interfaces.RemoveAll(one => one.Round != _round);
            _lookAgainAt = null;
        }

        return headed;
    }

    /// <summary>Finds or adds an interface. The order rarely changes, so the expected index is checked first.</summary>
    private Interface Find(ReadOnlySpan<byte> name, int place)
    {
        if (place < _interfaces.Count && name.SequenceEqual(_interfaces[place].NameBytes))
        {
            return _interfaces[place];
        }

        foreach (var known in _interfaces)
        {
            if (name.SequenceEqual(known.NameBytes))
            {
                return known;
            }
        }

        string text = Encoding.UTF8.GetString(name);
        var added = new Interface(name.ToArray(), text);
        _interfaces.Insert(Math.Min(place, _interfaces.Count), added);
        _lookAgainAt = null;
        return added;
    }

    /// <summary>Decides which interfaces the totals cover: when interfaces come or go, and once a minute, because routes and bonds change.</summary>
    private void Choose(TimeSpan now)
    {
        if (now < _lookAgainAt)
        {
            return;
        }

        _lookAgainAt = now + RefreshInterval;
        Count(Chosen());
    }

    private List<Interface> Chosen()
    {
        if (_interfaces.FindAll(one => NetworkAdapters.IsPhysical(root, one.Name)) is { Count: > 0 } physical)
        {
            return physical;
        }

        var carriers = _routes.Read();
        return _interfaces.FindAll(one => carriers.Contains(one.Name)) is { Count: > 0 } routed ? routed : _interfaces.FindAll(one => !LooksVirtual(one.Name));
    }

    private void Count(List<Interface> chosen)
    {
        foreach (var one in _interfaces)
        {
            one.IsCounted = chosen.Contains(one);
        }
    }

    private static bool LooksVirtual(string name) =>
        name.Contains('.', StringComparison.Ordinal) || Array.Exists(Virtual, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private void SumRates(ResourceSample sample)
    {
        SumOfRates received = default, sent = default;
        foreach (var one in _interfaces)
        {
            if (one.IsCounted)
            {
                received.Add(one.Received);
                sent.Add(one.Sent);
            }
        }

        sample[ResourceMetric.NetworkRxBytesPerSecond] = received.Value;
        sample[ResourceMetric.NetworkTxBytesPerSecond] = sent.Value;
    }

    private sealed class Interface(byte[] nameBytes, string name)
    {
        public CounterRate Received;
        public CounterRate Sent;

        public byte[] NameBytes { get; } = nameBytes;

        public string Name { get; } = name;

        public bool IsCounted { get; set; }

        public int Round { get; private set; }

        public void Step(ulong received, ulong sent, TimeSpan now, int round)
        {
            Received.Step(received, now);
            Sent.Step(sent, now);
            Round = round;
        }
    }
}
