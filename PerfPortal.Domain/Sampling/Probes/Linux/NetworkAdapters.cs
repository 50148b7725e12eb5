namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Determines from <c>/sys/class/net</c> whether an interface is physical.</summary>
internal static class NetworkAdapters
{
    private const string XenBackend = "xen-backend";

    /// <summary>
    /// Whether an interface has a driver of its own, so that its traffic is counted nowhere else. Not counted are interfaces above another one (the ports of a switch
    /// chip, whose <c>iflink</c> is that of the adapter), those below an adapter that already counts their traffic (the virtual function of a cloud adapter), and the host's end of
    /// the adapter of a Xen guest.
    /// </summary>
    public static bool IsPhysical(LinuxRoot root, string name)
    {
        string directory = root.At($"/sys/class/net/{name}");
        return Directory.Exists(directory + "/device")
            && !Directory.Exists(directory + "/master/device")
            && NumberIn(directory + "/iflink") == NumberIn(directory + "/ifindex")
            && !IsXenBackend(directory + "/device/subsystem");
    }

    private static string? NumberIn(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsXenBackend(string subsystem) => Path.GetFileName(new FileInfo(subsystem).LinkTarget) == XenBackend;
}
