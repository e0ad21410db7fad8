using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansPool.Core.Tests;

/// <summary>Keeps what is logged, as event and text.</summary>
internal sealed class LinesLogger : ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
}
