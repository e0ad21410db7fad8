using System.Text.Json;

namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>How the scripts' output is read.</summary>
internal static class Observations
{
    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The values under <paramref name="key"/>, in order.</summary>
    public static string[] Under(this string[][] metadata, string key) => [.. metadata.Where(entry => entry[0] == key).Select(entry => entry[1])];
}

/// <summary>What the client saw of one call.</summary>
/// <param name="Status">Name of the status.</param>
/// <param name="Details">The status message, decoded.</param>
/// <param name="Replies">Sizes of the replies.</param>
/// <param name="Intact">True when each reply held the bytes that belong at each place.</param>
/// <param name="Initial">Initial metadata, in order; binary values in hex.</param>
/// <param name="Trailing">Trailing metadata likewise.</param>
internal sealed record CallSeen(string Status, string Details, int[] Replies, bool Intact, string[][] Initial, string[][] Trailing)
{
    /// <summary>What the server saw of it, where the method reports that.</summary>
    public ServerSaw? Server { get; init; }

    /// <summary>Initial metadata as the client had it before the server sent a message.</summary>
    public string[][] Head { get; init; } = [];

    /// <summary>Messages that the server had sent by then.</summary>
    public int MessagesBefore { get; init; }

    /// <summary>Messages that a side could send before it was held back by a peer that does not take them.</summary>
    public int HeldAt { get; init; }

    /// <summary>Bytes that arrived at the server in a stream of requests.</summary>
    public long Total { get; init; }

    /// <summary>Time for which the call stood in the pool's queue, at least.</summary>
    public double WaitedMs { get; init; }
}

/// <summary>A call as it arrived at the server.</summary>
internal sealed record ServerSaw(int RequestSize, string[][] Metadata, double? RemainingMs);

/// <summary>What became of many calls.</summary>
/// <param name="Codes">How many ended with each status.</param>
/// <param name="Details">The different status messages.</param>
/// <param name="Good">How many got the reply that belongs to their request.</param>
internal sealed record TallySeen(Dictionary<string, int> Codes, string[] Details, int Good)
{
    /// <summary>Connections on which the calls arrived.</summary>
    public int UpstreamConnections { get; init; }

    public override string ToString() => $"{string.Join(", ", Codes)}; {Good} with the right reply; {string.Join(" | ", Details)}";
}
