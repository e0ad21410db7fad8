namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>A certificate that this process shows to others.</summary>
/// <param name="Place">Where: <c>gateway</c>, <c>cluster</c>, or the endpoint whose port it is.</param>
/// <param name="NotAfter">When it ends.</param>
public sealed record ServedCertificate(string Place, DateTimeOffset NotAfter);
