namespace OrleansPool.Core.Pooling;

/// <summary>What one caller has under way at one instant.</summary>
/// <param name="Caller">Who calls, as it says of itself, or by its address; <c>unknown</c> where neither is known.</param>
/// <param name="InFlight">Its calls that have a permit.</param>
/// <param name="Waiting">Its calls in the queue.</param>
public sealed record CallerSnapshot(string Caller, int InFlight, int Waiting);
