using System.Diagnostics;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>What a span says.</summary>
internal static class SpanExpectations
{
    /// <summary>All attributes, in the order of their names: <c>a=1 b=2</c>.</summary>
    public static string Tags(this Activity span) => string.Join(' ', span.TagObjects.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
}
