namespace OrleansPool.Bench.Micro;

/// <summary>One result, as it stands in the JSON file (in lower case).</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Ns">Median time of one operation, in nanoseconds.</param>
/// <param name="Bytes">Memory allocated by one operation.</param>
internal sealed record Row(string Name, double Ns, long Bytes);
