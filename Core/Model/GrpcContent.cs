namespace OrleansPool.Core.Model;

/// <summary>How a gRPC message is told from any other.</summary>
public static class GrpcContent
{
    /// <summary>The bare media type.</summary>
    public const string MediaType = "application/grpc";

    /// <summary>True for <c>application/grpc</c>, alone or followed by <c>+proto</c> or parameters; not for <c>application/grpc-web</c>.</summary>
    public static bool Matches(string contentType) =>
        contentType.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == MediaType.Length || contentType[MediaType.Length] is '+' or ';' or ' ');
}
