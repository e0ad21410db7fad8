namespace OrleansPool.Core.Tests.Calls;

/// <summary>Tests that listen to spans, or must be alone with nobody who does.</summary>
[CollectionDefinition(Name)]
public class TraceCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "Traces";
}
