using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Operations;

/// <summary>Response times that can be added up over hosts.</summary>
/// <param name="Sum">Their sum.</param>
/// <param name="Buckets">Buckets of <see cref="ResponseTimeHistogram"/> that are not empty, each followed by its count.</param>
public sealed record TimesReport(TimeSpan Sum, IReadOnlyList<int> Buckets)
{
    /// <summary>Those of a histogram.</summary>
    public static TimesReport Of(ResponseTimeHistogram times) => new(times.Sum, [.. times.Filled().SelectMany(filled => new[] { filled.Bucket, filled.Count })]);

    /// <summary>Several of them added up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One has a bucket that does not exist.</exception>
    public static ResponseTimeHistogram Add(IEnumerable<TimesReport> all)
    {
        var sum = new ResponseTimeHistogram();
        foreach (var times in all) sum.Add(ResponseTimeHistogram.From(times.Buckets.Chunk(2).Select(filled => (filled[0], filled[1])), times.Sum));
        return sum;
    }
}
