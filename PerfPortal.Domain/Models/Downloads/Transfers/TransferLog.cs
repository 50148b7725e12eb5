using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>The log lines of transfers.</summary>
internal static class TransferLog
{
    /// <summary>A connection retired.</summary>
    public static void LogConnectionGivenUp(this ILogger logger, Exception exception) =>
        logger.LogInformation("One connection less: {Message}", exception.Message);

    /// <summary>A file is loaded from its beginning again.</summary>
    public static void LogStartAgain(this ILogger logger, string sentence) => logger.LogWarning("{Sentence}", sentence);

    /// <summary>A mirror is tried.</summary>
    public static void LogNextSource(this ILogger logger, string file, string host, Exception exception) =>
        logger.LogWarning("{File} could not be loaded: {Message} The mirror {Host} is tried.", file, exception.Message, host);
}
