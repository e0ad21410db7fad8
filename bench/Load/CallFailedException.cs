namespace OrleansPool.Bench.Load;

/// <summary>
/// A call was not answered as it should have been. Numbers from a path that fails calls mean nothing, so the first failure ends the slice.
/// </summary>
public sealed class CallFailedException(string message) : Exception(message);
