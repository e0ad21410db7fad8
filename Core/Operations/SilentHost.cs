namespace OrleansPool.Core.Operations;

/// <summary>A member of the cluster without a report.</summary>
/// <param name="Name">Its name as a holder.</param>
/// <param name="Why">What became of the question, in a sentence.</param>
public sealed record SilentHost(string Name, string Why);
