namespace OrleansPool.Core.Budget.Store;

/// <summary>A row as it was read.</summary>
/// <param name="Row">The row.</param>
/// <param name="Version">Differs after each write; opaque.</param>
public sealed record Stored<T>(T Row, string Version)
    where T : class;
