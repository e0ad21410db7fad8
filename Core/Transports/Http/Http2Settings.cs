namespace OrleansPool.Core.Transports.Http;

/// <summary>What one SETTINGS frame said that concerns the pool; null where it said nothing.</summary>
internal sealed record Http2Settings(int? MaxConcurrentStreams, int? MaxHeaderListSize);
