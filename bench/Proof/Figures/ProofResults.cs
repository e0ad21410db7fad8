using System.Text.Json;

namespace OrleansPool.Bench.Proof.Figures;

/// <summary>All that was found, as --json writes it.</summary>
/// <param name="Passed">True when no phase had more connections than the cap.</param>
/// <param name="TimeToLiveSeconds">TTL of the shares.</param>
/// <param name="FreezeToleranceSeconds">F.</param>
/// <param name="Rows">One for each phase and endpoint.</param>
internal sealed record ProofResults(bool Passed, double TimeToLiveSeconds, double FreezeToleranceSeconds, IReadOnlyList<PhaseRow> Rows)
{
    private static readonly JsonSerializerOptions _format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>As JSON, in snake case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, _format);
}
