using System.Net.NetworkInformation;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Portable;

/// <summary>Reads network interfaces except loopback with <see cref="NetworkInterface"/> on Windows and macOS.</summary>
/// <remarks>The totals exclude tunnels and virtual switches, because their traffic also passes through an adapter and would count twice.</remarks>
internal sealed class InterfaceProbe : IResourceProbe
{
    private static readonly string[] VirtualNames = ["bridge", "utun", "awdl", "llw", "gif", "stf", "vmenet", "vEthernet"];

    private static readonly SensorStatus NoInterface = new(SensorState.Absent, "The host has no network interface except loopback.");

    private readonly Dictionary<string, Counters> _counters = new(StringComparer.Ordinal);
    private int _round;

    public string Sensor => Sensors.Network;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        bool first = _round++ == 0;
        SumOfRates received = default, sent = default;
        foreach (var one in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (one.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            {
                continue;
            }

            if (!_counters.TryGetValue(one.Id, out var counters))
            {
                _counters[one.Id] = counters = new(one.Name);
            }

            var statistics = one.GetIPStatistics();
            counters.Round = _round;
            counters.Received.Step((ulong)Math.Max(0, statistics.BytesReceived), now);
            counters.Sent.Step((ulong)Math.Max(0, statistics.BytesSent), now);
            if (IsVirtual(one))
            {
                continue;
            }

            received.Add(counters.Received);
            sent.Add(counters.Sent);
        }

        foreach ((string id, var counters) in _counters)
        {
            if (counters.Round != _round)
            {
                _counters.Remove(id);
            }
        }

        sample[ResourceMetric.NetworkRxBytesPerSecond] = received.Value;
        sample[ResourceMetric.NetworkTxBytesPerSecond] = sent.Value;
        if (_counters.Count == 0)
        {
            return NoInterface;
        }

        return received.Value is not null && sent.Value is not null ? SensorStatus.Ok
            : first ? CommonStates.FirstReading
            : CommonStates.NoDifference;
    }

    public void Detail(ResourceSample sample) => sample.Networks =
        [.. _counters.Values.Select(one => new NetworkReading(one.Name, one.Received.ToNullable(), one.Sent.ToNullable()))];

    public void Dispose()
    {
    }

    private static bool IsVirtual(NetworkInterface one) =>
        one.NetworkInterfaceType == NetworkInterfaceType.Tunnel
        || Array.Exists(VirtualNames, name => one.Name.StartsWith(name, StringComparison.Ordinal));

    private sealed class Counters(string name)
    {
        public CounterRate Received;
        public CounterRate Sent;

        public string Name { get; } = name;

        public int Round { get; set; }
    }
}
