using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Ingress;

/// <summary>
/// Finds the endpoint that a request is for: by host name (<c>billing</c>, <c>billing.pool</c>), else by path (<c>/e/billing/...</c>, which the upstream
/// does not see). Stateless but for the directory; thread-safe.
/// </summary>
internal sealed class IngressRouter(EndpointDirectory endpoints)
{
    private const string HostSuffix = ".pool";
    private const string PathPrefix = "/e/";

    /// <summary>What became of the search.</summary>
    public enum Match
    {
        /// <summary>An endpoint.</summary>
        Found,

        /// <summary>The request names an endpoint that does not exist.</summary>
        Unknown,

        /// <summary>The request is for this host itself, not for an endpoint.</summary>
        None,
    }

    /// <summary>Finds the endpoint and what its upstream is to see as path and query.</summary>
    public Match Route(HttpContext context, [NotNull] out string? target, out Endpoint? endpoint)
    {
        target = OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (TryByHost(context.Request.Headers.Host.ToString(), out endpoint)) return Match.Found;
        if (!target.StartsWith(PathPrefix, StringComparison.Ordinal)) return IsPoolHost(context.Request.Headers.Host.ToString()) ? Match.Unknown : Match.None;
        return TryByPath(ref target, out endpoint) ? Match.Found : Match.Unknown;
    }

    private bool TryByHost(ReadOnlySpan<char> host, [NotNullWhen(true)] out Endpoint? endpoint)
    {
        var name = HostName(host);
        if (name.EndsWith(HostSuffix, StringComparison.OrdinalIgnoreCase)) name = name[..^HostSuffix.Length];
        return endpoints.TryGet(name, out endpoint);
    }

    private static bool IsPoolHost(ReadOnlySpan<char> host) => HostName(host).EndsWith(HostSuffix, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> HostName(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host[^1] == ']' ? host : host[..colon];
    }

    private bool TryByPath(ref string target, [NotNullWhen(true)] out Endpoint? endpoint)
    {
        var afterPrefix = target.AsSpan(PathPrefix.Length);
        var end = afterPrefix.IndexOfAny('/', '?');
        var name = end < 0 ? afterPrefix : afterPrefix[..end];
        if (!endpoints.TryGet(name, out endpoint)) return false;
        target = Rooted(end < 0 ? "" : afterPrefix[end..]);
        return true;
    }

    // A request to a proxy has the whole URL in its first line (RFC 9112, section 3.2.2).
    private static string OriginForm(string rawTarget)
    {
        var scheme = rawTarget.StartsWith('/') ? -1 : rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return rawTarget;
        var afterScheme = rawTarget.AsSpan(scheme + 3);
        var end = afterScheme.IndexOfAny('/', '?');
        return Rooted(end < 0 ? "" : afterScheme[end..]);
    }

    private static string Rooted(ReadOnlySpan<char> pathAndQuery) => pathAndQuery.StartsWith("/") ? pathAndQuery.ToString() : $"/{pathAndQuery}";
}
