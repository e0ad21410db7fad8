using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling;

/// <summary>A lease, or why there is none.</summary>
public readonly struct AcquireResult
{
    internal AcquireResult(ChannelLease lease) => Lease = lease;

    internal AcquireResult(CallFailure failure) => Failure = failure;

    /// <summary>The lease; meaningful when <see cref="Failure"/> is null.</summary>
    public ChannelLease Lease { get; }

    /// <summary>Why there is no lease, or null.</summary>
    public CallFailure? Failure { get; }
}
