namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>Something that can wait in a <see cref="FairQueue{TWaiter}"/>, in one at a time.</summary>
/// <typeparam name="TWaiter">The type itself.</typeparam>
public interface IQueued<TWaiter>
    where TWaiter : class, IQueued<TWaiter>
{
    /// <summary>Its place in the queue.</summary>
    ref QueueLink<TWaiter> Link { get; }

    /// <summary>When it began to wait.</summary>
    TimeSpan Since { get; }
}
