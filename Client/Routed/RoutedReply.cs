using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Client.Routed;

/// <summary>What an attempt gave: a response, whole or begun, or why nothing of one came.</summary>
/// <param name="Response">The response, or null.</param>
/// <param name="Failure">Why there is none, or null.</param>
/// <param name="IsTurnedAway">True when the silo is shutting down and took nothing of the call: another silo will take it.</param>
internal readonly record struct RoutedReply(HttpResponseMessage? Response, CallFailure? Failure, bool IsTurnedAway = false)
{
    public static implicit operator RoutedReply(HttpResponseMessage response) => new(response, null);

    public static implicit operator RoutedReply(CallFailure failure) => new(null, failure);
}
