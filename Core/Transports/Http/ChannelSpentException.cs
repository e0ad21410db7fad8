namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// The handler asked for a second connection, or began to send a call a second time. A channel has one connection and sends a call once; the handler asks
/// only for calls that the peer provably did not process.
/// </summary>
internal sealed class ChannelSpentException() : IOException("A channel has exactly one connection, and it takes no more calls.");
