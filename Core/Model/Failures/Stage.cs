namespace OrleansPool.Core.Model.Failures;

/// <summary>Where on its way the call was.</summary>
public enum Stage
{
    /// <summary>Finding the endpoint and checking the request.</summary>
    Route,

    /// <summary>Waiting for a permit and a channel.</summary>
    Admit,

    /// <summary>Opening a channel.</summary>
    Connect,

    /// <summary>Sending the request.</summary>
    Send,

    /// <summary>Waiting for the response to begin.</summary>
    Await,

    /// <summary>Receiving the response.</summary>
    Receive,
}
