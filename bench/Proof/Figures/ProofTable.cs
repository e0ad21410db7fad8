namespace OrleansPool.Bench.Proof.Figures;

/// <summary>The figures for a person.</summary>
internal static class ProofTable
{
    /// <summary>The line above the rows.</summary>
    public const string Heading = "phase            endpoint  connections    calls    dip %  s below 95 %  recovers, s   p99 ms  errors";

    /// <summary>One row.</summary>
    public static string Line(PhaseRow row)
    {
        var connections = $"{row.MaxConnections} of {row.Cap}{(row.IsOverCap ? " OVER" : "")}";
        var recovers = row.SecondsToRecover is { } seconds ? $"{seconds:F1}" : "not";
        var errors = row.Errors.Count == 0 ? "none" : string.Join(", ", row.Errors.OrderByDescending(error => error.Value).Select(error => $"{error.Value} {error.Key}"));
        return $"{row.Phase,-16} {row.Endpoint,-8} {connections,12} {row.Calls,8} {row.Dip,8:F1} {row.SecondsBelow,13:F1} {recovers,12} {row.P99Ms,8:F0}  {errors}";
    }
}
