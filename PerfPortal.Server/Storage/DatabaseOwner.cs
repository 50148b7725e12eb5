using System.Globalization;

namespace PerfPortal.Server.Storage;

/// <summary>The portal process that owns a database.</summary>
/// <param name="Id">A random id, which distinguishes a process from a later one with the same process id.</param>
/// <param name="Host">The name of its host.</param>
/// <param name="ProcessId">Its process id on that host.</param>
/// <param name="StartedAt">When it took the database, by the clock of the database or of its host.</param>
internal sealed record DatabaseOwner(Guid Id, string Host, int ProcessId, DateTimeOffset StartedAt)
{
    /// <summary>The maximum length of a stored host name in characters.</summary>
    public const int HostCharacters = 200;

    /// <summary>Returns this process as an owner.</summary>
    public static DatabaseOwner Current(TimeProvider time)
    {
        string host = Environment.MachineName;
        return new(Guid.NewGuid(), host.Length > HostCharacters ? host[..HostCharacters] : host, Environment.ProcessId, time.GetUtcNow());
    }

    /// <summary>Describes the process for messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {ProcessId} on {Host}, started {StartedAt:yyyy-MM-dd HH:mm:ss} UTC");
}

/// <summary>Another portal process owns the database, so this one must not use it.</summary>
/// <param name="message">A sentence that names the holder.</param>
/// <param name="inner">The cause, if there is one.</param>
internal sealed class DatabaseOwnedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The database is in use at startup.</summary>
    /// <param name="holder">The owner, or <see langword="null"/> if it is not known.</param>
    /// <param name="until">The end of its lease unless it renews it, or <see langword="null"/> if it owns the database until it ends.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public static DatabaseOwnedException InUse(DatabaseOwner? holder, DateTimeOffset? until, Exception? inner = null) => new(
        $"The database is in use by another portal: {holder?.ToString() ?? "an unknown process"}, "
        + (until is { } end ? string.Create(CultureInfo.InvariantCulture, $"whose lease lasts until {end:HH:mm:ss} UTC and is renewed while it runs") : "which keeps it until it ends")
        + ". Stop it first, or configure a different database for this portal.",
        inner);

    /// <summary>The database was taken over while this process ran.</summary>
    /// <param name="holder">The owner, or <see langword="null"/> if it is not known.</param>
    public static DatabaseOwnedException TakenOver(DatabaseOwner? holder) => new(
        $"Another portal has taken over the database: {holder?.ToString() ?? "an unknown process"}. This process lost contact with the database for too long and is stopping.");
}
