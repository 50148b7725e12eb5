using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PerfPortal.Tests.Hosting;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecords : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> _all = new();

    public IReadOnlyList<(LogLevel Level, string Message)> All => [.. _all];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _all.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
