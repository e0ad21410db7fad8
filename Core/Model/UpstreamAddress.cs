using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansPool.Core.Model;

/// <summary>One configured address of an endpoint: a host name or IP literal, and a port.</summary>
/// <param name="Host">Host name, IPv4 or IPv6 literal (without brackets).</param>
/// <param name="Port">1 to 65535.</param>
public sealed record UpstreamAddress(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, <c>1.2.3.4:port</c> or <c>[::1]:port</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out UpstreamAddress? address)
    {
        address = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0) return false;
        var host = text!.AsSpan(0, colon);
        var isBracketed = host is ['[', .., ']'];
        if (isBracketed) host = host[1..^1];

        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) return false;
        var name = host.ToString();

        // Uri takes a pair of brackets as part of an IPv6 literal; here they stand around it, once.
        var kind = name.StartsWith('[') ? UriHostNameType.Unknown : Uri.CheckHostName(name);
        if (kind == UriHostNameType.Unknown || isBracketed != (kind == UriHostNameType.IPv6)) return false;
        address = new UpstreamAddress(name, port);
        return true;
    }

    /// <summary><c>host:port</c>, brackets around IPv6: what goes into <c>:authority</c>.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
