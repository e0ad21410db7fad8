namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>What a caller of a JSON-RPC endpoint gets.</summary>
public enum JsonRpcMode
{
    /// <summary>Answers to its calls, over connections that it shares with others.</summary>
    Shared,

    /// <summary>A connection of its own for as long as it stays: what the upstream sends unasked is for it.</summary>
    Session,
}
