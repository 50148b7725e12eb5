using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Reads the interfaces that carry a default route from <c>/proc/self/net/route</c> and <c>/proc/self/net/ipv6_route</c>.</summary>
internal sealed class DefaultRoutes(LinuxRoot root) : IDisposable
{
    private const int MaxRoutes = 64;

    private readonly KernelFile _version4 = root.File("/proc/self/net/route");
    private readonly KernelFile _version6 = root.File("/proc/self/net/ipv6_route");

    /// <summary>Returns the names of the interfaces, at most 64; empty without a default route.</summary>
    public IReadOnlySet<string> Read()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (_version4.TryRead(out var text))
        {
            var lines = new KernelLines(text);
            while (names.Count < MaxRoutes && lines.TryNext(out var line))
            {
                Add(names, OfVersion4(line));
            }
        }

        if (_version6.TryRead(out text))
        {
            var lines = new KernelLines(text);
            while (names.Count < MaxRoutes && lines.TryNext(out var line))
            {
                Add(names, OfVersion6(line));
            }
        }

        return names;
    }

    public void Dispose()
    {
        _version4.Dispose();
        _version6.Dispose();
    }

    private static void Add(HashSet<string> names, ReadOnlySpan<byte> name)
    {
        // Without a default route, version 6 has an unreachable one on the loopback interface.
        if (!name.IsEmpty && !name.SequenceEqual("lo"u8))
        {
            names.Add(Encoding.UTF8.GetString(name));
        }
    }

    /// <summary><c>eth0 00000000 010011AC 0003 0 0 0 00000000 0 0 0</c>: interface, destination, gateway, flags, three numbers, mask.</summary>
    private static ReadOnlySpan<byte> OfVersion4(ReadOnlySpan<byte> line)
    {
        var fields = new KernelFields(line);
        return fields.TryNext(out var name) && fields.TryNext(out var destination) && destination.SequenceEqual("00000000"u8)
            && fields.TrySkip(5) && fields.TryNext(out var mask) && mask.SequenceEqual("00000000"u8)
            ? name
            : default;
    }

    /// <summary><c>0…0 00 0…0 00 fe80…01 00000400 00000001 00000000 00000003 eth0</c>: destination and its length first, the interface last.</summary>
    private static ReadOnlySpan<byte> OfVersion6(ReadOnlySpan<byte> line)
    {
        var fields = new KernelFields(line);
        return fields.TryNext(out var destination) && destination.TrimStart((byte)'0').IsEmpty && fields.TryNext(out var length) && length.SequenceEqual("00"u8)
            && fields.TrySkip(7) && fields.TryNext(out var name)
            ? name
            : default;
    }
}
