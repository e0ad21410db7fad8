using System.Text.Json;

namespace OrleansPool.Core.Diagnostics;

/// <summary>The attributes of metrics. Each has few values, all known at the start or from a fixed list: never what a caller or an upstream says.</summary>
internal static class MetricTags
{
    /// <summary>Name of the endpoint.</summary>
    public const string Pool = "orleanspool.pool.name";

    public const string ConnectionState = "orleanspool.connection.state";
    public const string Protocol = "network.protocol.name";
    public const string Scope = "orleanspool.limit.scope";
    public const string Law = "orleanspool.limit.algorithm";
    public const string Direction = "orleanspool.limit.direction";
    public const string Reason = "orleanspool.reason";
    public const string CloseReason = "orleanspool.close.reason";
    public const string Outcome = "orleanspool.outcome";
    public const string Mode = "orleanspool.lease.mode";
    public const string State = "orleanspool.state";
    public const string Kind = "orleanspool.kind";
    public const string Certificate = "orleanspool.certificate";
    public const string Address = "server.address";
    public const string Port = "server.port";
    public const string ErrorType = "error.type";
    public const string System = "rpc.system.name";
    public const string Status = "rpc.status_code";

    /// <summary>A member of an enum as a value: <c>max_lifetime</c> for <c>MaxLifetime</c>.</summary>
    public static string ValueOf<T>(T member)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());
}
