using System.Globalization;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// Fair shares of what becomes free among the callers that wait. Off unless <see cref="Headers"/> or <see cref="ByClientId"/> says how to tell callers apart.
/// </summary>
public sealed class FairnessOptions
{
    /// <summary>Longest caller name that is told apart; whoever has a longer one is served with the unnamed.</summary>
    internal const int MaxNameLength = 256;

    /// <summary>Request headers that name the caller, the first that is there counts: 0 to 8 header names. Default: none, which is first come, first served.</summary>
    public string[] Headers { get; set; } = [];

    /// <summary>
    /// Whether fairness is on without <see cref="Headers"/>, too: calls of cluster clients are told apart by the id that each client has
    /// (<c>OrleansPoolClientOptions.ClientId</c>), and callers of the endpoint's own port by their IP address. Where fairness is on, that counts for calls with none of
    /// the headers. Default: false.
    /// </summary>
    public bool ByClientId { get; set; }

    /// <summary>Callers that get more than others while both wait, as <c>caller=weight</c>, weights from 1 to 1,000. Default: none, everybody has 1.</summary>
    public string[] Weights { get; set; } = [];

    /// <summary>Callers told apart at once; any beyond them are served as if they were one. 1 to 100,000, default 1,000.</summary>
    public int MaxCallers { get; set; } = 1_000;

    /// <summary>The rules, or null when fairness is off.</summary>
    internal FairnessRules? Rules => IsOn
        ? new FairnessRules(Weights.Select(text => TryParse(text, out var weight) ? weight : throw new FormatException($"{text} is no caller=weight.")).ToDictionary(), MaxCallers)
        : null;

    /// <summary>True when anything tells callers apart.</summary>
    internal bool IsOn => Headers.Length > 0 || ByClientId;

    /// <summary>The caller that a request names, or else the cluster client that it came from; null when there is none, or fairness is off.</summary>
    internal string? CallerOf(CallRequest request)
    {
        foreach (var header in Headers)
        {
            if (request.Headers.TryGet(header, out var name) && name.Length <= MaxNameLength) return name;
        }

        return IsOn && request.ClientId is { Length: <= MaxNameLength } id ? id : null;
    }

    /// <summary>Reads <c>caller=weight</c>; the caller's name may have '=' in it.</summary>
    internal static bool TryParse(string text, out KeyValuePair<string, int> weight)
    {
        var at = text.LastIndexOf('=');
        weight = default;
        if (at < 1 || !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        weight = new(text[..at], value);
        return value is >= 1 and <= 1_000;
    }
}
