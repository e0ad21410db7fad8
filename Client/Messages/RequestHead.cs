using OrleansPool.Core.Model;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Messages;

/// <summary>What a request's message says besides its body, in the forms of the wire and of the engine.</summary>
internal sealed class RequestHead
{
    private readonly HeaderBlock _headers;
    private readonly string? _clientId;

    public RequestHead(HttpRequestMessage request, string? clientId)
    {
        _clientId = clientId;
        Method = request.Method.Method;
        Target = request.RequestUri?.PathAndQuery ?? "/";
        _headers = MessageHeaders.Copy(request);
    }

    public string Method { get; }

    public string Target { get; }

    /// <summary>True when the outcome is to be told as gRPC status.</summary>
    public bool IsGrpc => _headers.TryGet("content-type", out var type) && GrpcContent.Matches(type);

    /// <summary>False when it would not fit into a message.</summary>
    public bool IsWithinLimits => _headers.Size + Target.Length <= WireLimits.MaxHeaderChars;

    public CallMessage ToCall(ReadOnlyMemory<byte>? body, bool mayBeHandedOver) => new()
    {
        Method = Method,
        Target = Target,
        Headers = _headers.ToFlat(),
        HasBody = body is not null,
        Body = body ?? default,
        ClientId = _clientId,
        MayBeHandedOver = mayBeHandedOver,
    };

    public OpenMessage ToOpen(Guid stream, bool mayBeHandedOver) => new()
    {
        Stream = stream,
        Method = Method,
        Target = Target,
        Headers = _headers.ToFlat(),
        ClientId = _clientId,
        MayBeHandedOver = mayBeHandedOver,
    };

    /// <summary>The call, for an endpoint of this process.</summary>
    public CallRequest ToRequest(RequestBody? body) => new()
    {
        Method = Method,
        Target = Target,
        Headers = _headers,
        HasBody = body is not null,
        Body = body?.Whole ?? default,
        BodyReader = body?.Reader,
        ClientId = _clientId,
    };
}
