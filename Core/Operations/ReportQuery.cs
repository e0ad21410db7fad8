namespace OrleansPool.Core.Operations;

/// <summary>What hosts are asked for.</summary>
/// <param name="Parts">Which parts.</param>
/// <param name="Endpoint">The one endpoint that it is about; null for all. A host that has none of that name reports no endpoint.</param>
public sealed record ReportQuery(ReportParts Parts, string? Endpoint = null);
