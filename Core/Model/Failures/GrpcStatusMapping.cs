namespace OrleansPool.Core.Model.Failures;

/// <summary>Mappings that the gRPC over HTTP/2 specification gives for peers that answer without a gRPC status.</summary>
public static class GrpcStatusMapping
{
    /// <summary>Status for an HTTP response that carries no <c>grpc-status</c> (grpc/doc/http-grpc-status-mapping.md).</summary>
    public static GrpcStatus FromHttp(int status) => status switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };

    /// <summary>Status for an HTTP/2 error code in RST_STREAM (grpc/doc/PROTOCOL-HTTP2.md, section Errors).</summary>
    public static GrpcStatus FromReset(long http2ErrorCode) => http2ErrorCode switch
    {
        0x7 => GrpcStatus.Unavailable, // REFUSED_STREAM
        0x8 => GrpcStatus.Cancelled, // CANCEL
        0xb => GrpcStatus.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => GrpcStatus.PermissionDenied, // INADEQUATE_SECURITY
        _ => GrpcStatus.Internal,
    };
}
