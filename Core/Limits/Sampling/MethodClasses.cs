namespace OrleansPool.Core.Limits.Sampling;

/// <summary>
/// Sorts methods into a fixed number of classes, the same on every holder, so that their response times can be added up over the cluster and a change
/// of the mix is not taken for a slower upstream. Two methods may share a class; that only makes the class coarser. Pure.
/// </summary>
public static class MethodClasses
{
    /// <summary>Classes in all.</summary>
    public const int Count = 16;

    /// <summary>The class of a call's target: its path without the query, by FNV-1a (Fowler, Noll, Vo).</summary>
    public static int Of(ReadOnlySpan<char> target)
    {
        var hash = 2166136261u;
        foreach (var c in target)
        {
            if (c == '?') break;
            hash = (hash ^ c) * 16777619u;
        }

        // The high bits take part, as the low ones of FNV alone spread short texts badly.
        return (int)((hash ^ (hash >> 16)) % Count);
    }
}
