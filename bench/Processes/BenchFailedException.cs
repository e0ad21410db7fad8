namespace OrleansPool.Bench.Processes;

/// <summary>The bench cannot go on; the message is for the user and says what to do.</summary>
public sealed class BenchFailedException(string message) : Exception(message);
