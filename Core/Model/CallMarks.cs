namespace OrleansPool.Core.Model;

/// <summary>Headers by which a caller tells the pool something of its call. They end at the pool: no upstream sees them.</summary>
public static class CallMarks
{
    /// <summary>With the value <c>true</c>: the call may be done twice without harm. It counts where the endpoint's <c>Hedging:ByCaller</c> is set.</summary>
    public const string Idempotent = "orleanspool-idempotent";
}
