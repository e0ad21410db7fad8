namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>The rules of the lease protocol, by the names of docs/budget.md.</summary>
public enum Rule
{
    StoreLease,
    FenceWait,
    Learning,
    LatestOnly,
    AgeFromSend,
    CountHeld,
    Sever,
    Reserve,
}
