namespace OrleansPool.Core.Transports.Tcp;

/// <summary>What makes a connection as good as new after a session: a request, the reply that says so, and how long that may take.</summary>
/// <param name="Request">One whole request.</param>
/// <param name="Reply">The one reply to it.</param>
/// <param name="Timeout">From the caller's end on: for the replies that it is still owed, and for this one.</param>
public sealed record ResetExchange(ReadOnlyMemory<byte> Request, ReadOnlyMemory<byte> Reply, TimeSpan Timeout);
