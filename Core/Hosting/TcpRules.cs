using OrleansPool.Core.Model;
using OrleansPool.Core.Transports.Framing;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules of docs/options.md for TCP: what an endpoint of another protocol must not say, and what this one must.</summary>
internal static class TcpRules
{
    private const int MaxDelimiterBytes = 16;
    private const string Escapes = @"ASCII, and \r \n \t \0 \\ \xHH";
    private static readonly int[] _lengthBytes = [1, 2, 4, 8];

    public static void Check(string path, EndpointOptions endpoint, Framings framings, ConfigErrors errors)
    {
        if (endpoint.Protocol == Protocol.Tcp)
        {
            CheckForeign(path, endpoint, errors);
            var before = errors.All.Count;
            if (endpoint is { Tcp.Pipelining: true, Hedging.Methods.Length: > 0 })
                errors.Add($"{path}:Tcp:Pipelining", true, "with Hedging each attempt that loses would take along the calls behind it on its connection; choose one of the two");
            CheckFraming($"{path}:Tcp", endpoint.Tcp, framings, errors);
            if (errors.All.Count == before && (endpoint.Tcp.Reset.Send ?? endpoint.Tcp.Reset.Expect) is not null) CheckReset($"{path}:Tcp", endpoint.Tcp, framings.Create(endpoint.Tcp), errors);
            return;
        }

        if (IsSet(endpoint.Tcp)) errors.Add($"{path}:Tcp", "(set)", "these options mean something with Protocol = tcp only");
    }

    private static void CheckForeign(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        if (endpoint.Authority is { } authority) errors.Add($"{path}:Authority", authority, "it means nothing with Protocol = tcp; remove it");
        if (endpoint.Limits.MaxRequestMessageBytes is { } request) errors.Add($"{path}:Limits:MaxRequestMessageBytes", request, "it means nothing with Protocol = tcp; set Tcp:MaxFrameBytes");
        if (endpoint.Limits.MaxResponseMessageBytes is { } response) errors.Add($"{path}:Limits:MaxResponseMessageBytes", response, "it means nothing with Protocol = tcp; set Tcp:MaxFrameBytes");
    }

    private static void CheckFraming(string path, TcpOptions tcp, Framings framings, ConfigErrors errors)
    {
        if (tcp is { Mode: TcpMode.Framed, Framing: null }) errors.Add($"{path}:Framing", null, $"Mode = framed needs one of {string.Join(", ", framings.Names)}");
        if (tcp.Framing is { } name && !framings.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) errors.Add($"{path}:Framing", name, $"one of {string.Join(", ", framings.Names)} is expected");
        if (tcp is { Pipelining: true, Mode: not TcpMode.Framed }) errors.Add($"{path}:Pipelining", true, "it needs Mode = framed: a session has its connection for itself");
        errors.Range($"{path}:MaxFrameBytes", tcp.MaxFrameBytes, 1, 1024 * 1024 * 1024, " bytes");
        errors.Range($"{path}:LengthOffset", tcp.LengthOffset, 0, 64, " bytes");
        if (!_lengthBytes.Contains(tcp.LengthBytes)) errors.Add($"{path}:LengthBytes", tcp.LengthBytes, "allowed are 1, 2, 4 and 8");
        if (tcp.Delimiter is { } delimiter && (!EscapedBytes.TryParse(delimiter, out var bytes) || bytes.Length is 0 or > MaxDelimiterBytes))
            errors.Add($"{path}:Delimiter", delimiter, $"1 to {MaxDelimiterBytes} bytes are expected: {Escapes}");
        if (tcp.FrameBytes is { } size) errors.Range($"{path}:FrameBytes", size, 1, Math.Max(1, tcp.MaxFrameBytes), $" bytes (Tcp:MaxFrameBytes = {tcp.MaxFrameBytes})");
        errors.Range($"{path}:HalfCloseTimeout", tcp.HalfCloseTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        errors.Range($"{path}:Reset:Timeout", tcp.Reset.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        CheckBelonging(path, tcp, errors);
    }

    // What is sent after a session must end where it is thought to end, and so must the reply to it.
    private static void CheckReset(string path, TcpOptions tcp, IFraming? framing, ConfigErrors errors)
    {
        if (framing is null)
        {
            errors.Add($"{path}:Framing", null, "Reset needs a framing, to know that a session ends between requests and which reply is the reset's");
            return;
        }

        CheckFrame($"{path}:Reset:Send", tcp.Reset.Send, framing.Requests(), errors);
        CheckFrame($"{path}:Reset:Expect", tcp.Reset.Expect, framing.Replies(), errors);
    }

    private static void CheckFrame(string path, string? text, FrameScanner scanner, ConfigErrors errors)
    {
        if (text is not { Length: > 0 } || !EscapedBytes.TryParse(text, out var bytes) || !(scanner.Scan(bytes) is { IsEnd: true } scan && scan.Count == bytes.Length))
            errors.Add(path, text, $"one whole frame of Tcp:Framing is expected, Send and Expect together: {Escapes}");
    }

    // What one framing needs, and the others have no use for.
    private static void CheckBelonging(string path, TcpOptions tcp, ConfigErrors errors)
    {
        var isPrefix = string.Equals(tcp.Framing, Framings.LengthPrefix, StringComparison.OrdinalIgnoreCase);
        if (!isPrefix && tcp is not { LengthBytes: 4, LengthOffset: 0, LengthEndianness: Endianness.Big, LengthIncludesHeader: false })
            errors.Add($"{path}:Framing", tcp.Framing, $"the options of a length need {Framings.LengthPrefix}");
        if ((tcp.Delimiter is not null) != string.Equals(tcp.Framing, Framings.Delimiter, StringComparison.OrdinalIgnoreCase))
            errors.Add($"{path}:Framing", tcp.Framing, $"Delimiter is set with {Framings.Delimiter}, and with nothing else");
        if ((tcp.FrameBytes is not null) != string.Equals(tcp.Framing, Framings.Fixed, StringComparison.OrdinalIgnoreCase))
            errors.Add($"{path}:Framing", tcp.Framing, $"FrameBytes is set with {Framings.Fixed}, and with nothing else");
    }

    private static bool IsSet(TcpOptions tcp) => tcp is not
    {
        Mode: TcpMode.Session, Framing: null, Pipelining: false, MaxFrameBytes: 1024 * 1024, LengthBytes: 4, LengthOffset: 0, LengthEndianness: Endianness.Big,
        LengthIncludesHeader: false, Delimiter: null, FrameBytes: null, Reset: { Send: null, Expect: null },
    };
}
