namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// The handler asked for a second connection. A channel has one, so the call that caused it found no place on that one; the handler asks only for
/// calls that the peer provably did not process.
/// </summary>
internal sealed class ChannelSpentException() : IOException("A channel has exactly one connection, and it takes no more calls.");
