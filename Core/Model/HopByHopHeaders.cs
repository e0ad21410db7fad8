using System.Net.Http.Headers;

namespace OrleansPool.Core.Model;

/// <summary>
/// Headers that end at each connection and are not passed on (RFC 9110, section 7.6.1), with those that proxies consume. <c>te: trailers</c> passes:
/// gRPC servers insist on it.
/// </summary>
internal static class HopByHopHeaders
{
    /// <summary>True when <paramref name="name"/> must not be passed on, whatever its value; <c>TE</c> is left to the caller.</summary>
    public static bool Contains(string name) => name.Length switch
    {
        7 => Is(name, "Upgrade") || Is(name, "Alt-Svc"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "HTTP2-Settings"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        18 => Is(name, "Proxy-Authenticate"),
        19 => Is(name, "Proxy-Authorization"),
        25 => Is(name, "Proxy-Authentication-Info"),
        _ => false,
    };

    /// <summary>All that may pass of a TE header: transfer codings are for one connection (RFC 9113, section 8.2.2).</summary>
    public const string TrailersOnly = "trailers";

    /// <summary>True for TE, which passes in part.</summary>
    public static bool IsTe(string name) => name.Length == 2 && Is(name, "TE");

    /// <summary>True when a header of a request goes on as it is: unlike one that ends here, is said anew, or passes in part.</summary>
    public static bool PassUnchanged(string name, string value) => name.Length switch
    {
        2 => !IsTe(name) || string.Equals(value, TrailersOnly, StringComparison.OrdinalIgnoreCase),

        // Answered by whoever reads the body from the caller.
        6 => !Is(name, "Expect"),
        22 => !Is(name, CallMarks.Idempotent),
        _ => !Contains(name),
    };

    /// <summary>True when a TE header asks for trailers.</summary>
    public static bool AsksForTrailers(string te) => te.Contains("trailers", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names that the sender's own Connection header declares to be for this connection only; null, mostly, when there is none.</summary>
    public static HashSet<string>? NamedByConnection(HeaderBlock headers)
    {
        HashSet<string>? named = null;
        for (var at = 0; at < headers.Count; at++)
        {
            var (name, value) = headers[at];
            if (!Is(name, "Connection")) continue;
            AddNames(value, named ??= NewNames());
        }

        return named;
    }

    /// <inheritdoc cref="NamedByConnection(HeaderBlock)"/>
    public static HashSet<string>? NamedByConnection(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Connection", out var values)) return null;
        var named = NewNames();
        foreach (var value in values) AddNames(value, named);
        return named;
    }

    private static HashSet<string> NewNames() => new(StringComparer.OrdinalIgnoreCase);

    private static void AddNames(string value, HashSet<string> to) =>
        to.UnionWith(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
