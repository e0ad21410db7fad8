namespace OrleansPool.Samples.Load;

/// <summary>Makes calls of one kind, one at a time.</summary>
internal interface ICaller
{
    /// <summary>One call by way of the host of that number, counted round; throws when it fails.</summary>
    Task CallAsync(int host, CancellationToken cancellation);
}
