namespace OrleansPool.Core.Limits;

/// <summary>What is done with the limit that the law finds.</summary>
public enum LimitMode
{
    /// <summary>The limit is computed, and no more calls than that are in flight.</summary>
    Enforce,

    /// <summary>The limit is computed and shown; calls are admitted up to what the cap's connections carry.</summary>
    Observe,

    /// <summary>No limit is computed; calls are admitted up to what the cap's connections carry.</summary>
    Off,
}
