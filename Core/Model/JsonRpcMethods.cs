namespace OrleansPool.Core.Model;

/// <summary>What a <see cref="CallRequest.Method"/> is for an endpoint that speaks JSON-RPC.</summary>
public static class JsonRpcMethods
{
    /// <summary>One request object goes, one response object comes back.</summary>
    public const string Call = "CALL";

    /// <summary>One notification goes, nothing comes back; done when it was handed to the connection.</summary>
    public const string Notify = "NOTIFY";
}
