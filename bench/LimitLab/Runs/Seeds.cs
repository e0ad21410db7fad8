namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>
/// The seeds of a run. Laws are tuned on the seeds from 1 on; those from 201 on are kept unseen for the proof that the tuning holds elsewhere, and nobody
/// looks at them while turning a knob. (Those from 101 on were, until they had been looked at too often.)
/// </summary>
internal static class Seeds
{
    private const int FirstUnseen = 201;

    /// <summary>So many seeds, half of them unseen ones.</summary>
    public static IEnumerable<long> Take(int count, bool onlySeen)
    {
        var seen = onlySeen ? count : (count + 1) / 2;
        for (var seed = 1; seed <= seen; seed++) yield return seed;
        for (var seed = FirstUnseen; seed < FirstUnseen + count - seen; seed++) yield return seed;
    }

    public static bool IsUnseen(long seed) => seed >= FirstUnseen;
}
