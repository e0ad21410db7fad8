namespace OrleansPool.Core.Hosting;

/// <summary>Who this process is to the budgets.</summary>
/// <param name="Name">Its address, the same after a restart; of a client a name of this process.</param>
/// <param name="Generation">Grows with each process at that address.</param>
/// <param name="IsClient">True for a client that holds connections itself: while it has no share its calls take another way, and do not wait for one.</param>
public sealed record HolderIdentity(string Name, long Generation, bool IsClient = false);
