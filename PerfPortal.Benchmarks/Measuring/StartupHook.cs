using System.Net.Sockets;

/// <summary>
/// Runs in the portal's process before the portal does, where <c>DOTNET_STARTUP_HOOKS</c> names this assembly (the runtime prescribes the name):
/// a client that connects to the socket receives, in eight bytes, the managed memory in use after a full collection.
/// </summary>
internal static class StartupHook
{
    /// <summary>The environment variable that names the socket.</summary>
    public const string SocketVariable = "PERFPORTAL_MEMORY_SOCKET";

    /// <summary>Begins to listen on a thread of its own.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is { Length: > 0 } path)
        {
            new Thread(() => Answer(path)) { IsBackground = true, Name = "measured memory" }.Start();
        }
    }

    private static void Answer(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        while (true)
        {
            using var caller = listener.Accept();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            caller.Send(BitConverter.GetBytes(GC.GetTotalMemory(forceFullCollection: true)));
        }
    }
}
