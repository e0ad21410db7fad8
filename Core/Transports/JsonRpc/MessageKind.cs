namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>What a message is, by the members that it has (JSON-RPC 2.0, sections 4 and 5).</summary>
internal enum MessageKind
{
    /// <summary>It has a method and an id, and is to be answered.</summary>
    Request,

    /// <summary>It has a method and no id, and is never answered.</summary>
    Notification,

    /// <summary>It has a result or an error.</summary>
    Response,
}
