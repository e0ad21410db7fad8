using Microsoft.Extensions.Logging;

namespace OrleansPool.Core.Operations;

/// <summary>Something that happened on a host: a line of its log, one of those that the pool itself writes.</summary>
/// <param name="Number">Counts the host's events: whoever has seen one has seen all with smaller numbers.</param>
/// <param name="At">When, by the host's clock; the last time, when it happened several times on end.</param>
/// <param name="Id">The log event's number (<see cref="Diagnostics.EventIds"/>).</param>
/// <param name="Name">Its name.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Endpoint">Which endpoint it is about; null for none in particular.</param>
/// <param name="Text">What happened, in a sentence. No payload, no secrets.</param>
/// <param name="Times">How many times on end.</param>
public sealed record HostEvent(long Number, DateTimeOffset At, int Id, string Name, LogLevel Level, string? Endpoint, string Text, int Times);
