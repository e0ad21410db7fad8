using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports;

/// <summary>Failures that a channel of any protocol may meet.</summary>
internal static class ChannelFailures
{
    /// <summary>The call found the channel at its end, before a byte of it left.</summary>
    public static CallFailure NotSent() => new(FailureCode.UpstreamRefused, "The upstream takes no more calls on this connection; the call was not processed.");

    /// <summary>The connection broke after some of the call may have left.</summary>
    public static CallFailure Broke(Exception e) => new(FailureCode.UpstreamClosed, $"The connection broke with the call in flight: {e.GetBaseException().Message}");
}
