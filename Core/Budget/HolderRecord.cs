namespace OrleansPool.Core.Budget;

/// <summary>What the store keeps of a holder, for an authority to come.</summary>
/// <param name="Holder">Its address.</param>
/// <param name="Generation">The process at that address.</param>
/// <param name="Connections">Connections that counted as its own; to be believed after a handover only.</param>
/// <param name="Floor">Connections that it may keep when nobody grants, for as long as it lives.</param>
/// <param name="IsClient">True for a client, which never has a floor.</param>
public sealed record HolderRecord(string Holder, long Generation, int Connections, int Floor, bool IsClient = false);
