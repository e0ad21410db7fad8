namespace OrleansPool.Gateway.Live;

/// <summary>What viewers are told at one tick: made once for all of them. Immutable.</summary>
/// <param name="Number">Counts the ticks.</param>
/// <param name="Whole">All rows, for who has not seen the frame before.</param>
/// <param name="Changes">The rows that differ from the frame before.</param>
/// <param name="Endpoints">The endpoints that somebody looks at, by name.</param>
internal sealed record LiveFrame(long Number, byte[] Whole, byte[] Changes, IReadOnlyDictionary<string, byte[]> Endpoints);
