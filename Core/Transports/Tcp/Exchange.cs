namespace OrleansPool.Core.Transports.Tcp;

/// <summary>One exchange on a shared connection. Whoever waits for its reply goes on elsewhere, not on the thread that reads the connection.</summary>
/// <param name="channel">Where.</param>
/// <param name="burst">That with which its request goes out.</param>
internal sealed class Exchange(PipelinedChannel channel, Burst burst) : TaskCompletionSource<OwedReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Where.</summary>
    public PipelinedChannel Channel { get; } = channel;

    /// <summary>True when some of its request may have reached the upstream.</summary>
    public bool HasLeft => burst.HasLeft;
}
