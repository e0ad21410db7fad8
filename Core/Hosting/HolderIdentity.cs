namespace OrleansPool.Core.Hosting;

/// <summary>Who this process is to the budgets.</summary>
/// <param name="Name">Its address; the same after a restart.</param>
/// <param name="Generation">Grows with each process at that address.</param>
public sealed record HolderIdentity(string Name, long Generation);
