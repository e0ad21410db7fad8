namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>How waiting callers share what becomes free.</summary>
/// <param name="Weights">A caller's weight where it is not 1: with twice the weight it is served twice as often while both wait. At least 1.</param>
/// <param name="MaxCallers">Callers told apart at once, at least 1; any beyond them are served as if they were one, calls of the same caller among them.</param>
public sealed record FairnessRules(IReadOnlyDictionary<string, int> Weights, int MaxCallers);
