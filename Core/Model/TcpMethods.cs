namespace OrleansPool.Core.Model;

/// <summary>The methods of calls to a <see cref="Protocol.Tcp"/> endpoint. Their target is "/"; they have no headers.</summary>
public static class TcpMethods
{
    /// <summary>One request frame, one reply frame: the bodies of request and answer.</summary>
    public const string Exchange = "EXCHANGE";

    /// <summary>A connection for its caller alone, bytes both ways as they come; the end of a body is the end of what that side sends.</summary>
    public const string Session = "SESSION";

    /// <summary>Target of them all.</summary>
    public const string Target = "/";
}
