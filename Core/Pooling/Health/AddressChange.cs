namespace OrleansPool.Core.Pooling.Health;

/// <summary>Something became of an address, to be told to the log behind the pool's lock.</summary>
/// <param name="Address">Which one; empty for all together.</param>
/// <param name="Kind">What.</param>
/// <param name="Why">The reason, in a sentence, where there is one.</param>
internal sealed record AddressChange(string Address, AddressChangeKind Kind, string Why = "");
