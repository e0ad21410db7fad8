namespace OrleansPool.Core.Model.Failures;

/// <summary>gRPC's status codes, with their numbers on the wire (https://grpc.io/docs/guides/status-codes/).</summary>
public enum GrpcStatus
{
    /// <summary>Not an error.</summary>
    Ok = 0,

    /// <summary>Cancelled, usually by the caller.</summary>
    Cancelled = 1,

    /// <summary>No better code is known.</summary>
    Unknown = 2,

    /// <summary>The caller's arguments are wrong in any state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed first.</summary>
    DeadlineExceeded = 4,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit or quota is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>No such method or service.</summary>
    Unimplemented = 12,

    /// <summary>A broken invariant.</summary>
    Internal = 13,

    /// <summary>Not there right now.</summary>
    Unavailable = 14,

    /// <summary>The caller did not prove who it is.</summary>
    Unauthenticated = 16,
}
