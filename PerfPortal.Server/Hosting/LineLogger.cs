using System.Globalization;

namespace PerfPortal.Server.Hosting;

/// <summary>Writes log entries from the level Information on as lines with the time and, unless it is Information, the level. Thread-safe.</summary>
internal sealed class LineLogger(TextWriter output, TimeProvider time) : ILogger
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string level = logLevel == LogLevel.Information ? "" : logLevel.ToString().ToLowerInvariant() + ": ";
        string line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {level}{formatter(state, exception)}{(exception is null ? "" : ": " + exception.Message)}");
        lock (_lock)
        {
            output.WriteLine(line.ReplaceLineEndings(" "));
        }
    }
}
