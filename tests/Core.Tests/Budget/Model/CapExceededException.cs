namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>The promise was broken.</summary>
public sealed class CapExceededException(string message) : Exception(message);
