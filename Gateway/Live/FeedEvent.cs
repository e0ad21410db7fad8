namespace OrleansPool.Gateway.Live;

/// <summary>A line of the console's feed.</summary>
/// <param name="At">When, by the clock of the host where it happened.</param>
/// <param name="Host">Where; of a limit's change the host that holds the budget.</param>
/// <param name="Kind">What happened, as a word.</param>
/// <param name="Level"><c>information</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Endpoint">About which endpoint; null for none in particular.</param>
/// <param name="Text">The same in a sentence.</param>
/// <param name="Times">How often on end.</param>
internal sealed record FeedEvent(DateTimeOffset At, string Host, string Kind, string Level, string? Endpoint, string Text, int Times);
