namespace OrleansPool.Core.Budget;

/// <summary>What an operator can tell an endpoint.</summary>
public enum OrderVerb
{
    /// <summary>No call is begun any more, until <see cref="Resume"/>: calls wait, up to their deadlines. Those in flight finish, and connections stay.</summary>
    Pause,

    /// <summary>Takes <see cref="Pause"/> and <see cref="Drain"/> back.</summary>
    Resume,

    /// <summary>As <see cref="Pause"/>, and connections close when their last call has ended.</summary>
    Drain,

    /// <summary>Connections without a call close, once.</summary>
    EvictIdle,

    /// <summary>All connections of now are replaced, at the pace at which connections may be opened.</summary>
    Reconnect,

    /// <summary>The limit is this number, whatever the law finds; without a number it is the law's again.</summary>
    SetLimit,

    /// <summary>The cap is this number, where the configured one is higher; without a number it is the configured one again.</summary>
    SetCap,

    /// <summary>What is done with the limit; without a mode the configured one again.</summary>
    SetMode,
}
