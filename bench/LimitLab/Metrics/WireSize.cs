using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>
/// Bytes of the budget's messages on the wire, worked out field by field: a number takes a varint and a byte that names the field, as in Orleans and in
/// protocol buffers; around each message comes a header with addresses and correlation of about <see cref="Header"/> bytes, by looking at Orleans' own.
/// </summary>
internal static class WireSize
{
    public const int Header = 150;
    private const int Field = 1;

    public static int Of(RenewRequest request) =>
        Header + Text(request.Holder) + Numbers(request.Generation, request.Number, request.Epoch, request.HeldConnections, request.Floor, request.HeldPermits)
        + Numbers(request.Demand.InFlight, request.Demand.Waiting, (long)request.Demand.Rate, request.Demand.MinConnections, request.Demand.Cap)
        + (request.Sample is { } sample ? Of(sample) : 0);

    public static int Of(RenewReply reply) =>
        Header + Numbers(reply.Number, reply.Epoch, reply.Permits, reply.Connections, reply.Floor, reply.FloorPermits, reply.Limit)
        + Numbers(reply.TimeToLive.Ticks, reply.RenewAfter.Ticks) + reply.ForwardTo.Sum(Text);

    private static int Of(LoadSample sample) =>
        Numbers(sample.Span.Ticks, sample.Good, sample.Timeouts, sample.PushBacks, sample.Failures, sample.Ignored, sample.PeakInFlight, sample.Waited, sample.Refused, sample.Asked)
        + Numbers(sample.OldestOpen.Ticks, sample.Permits) + (4 * (Field + sizeof(double)))
        + sample.ResponseTimes.OfType<ResponseTimeHistogram>().Sum(Of);

    private static int Of(ResponseTimeHistogram histogram) =>
        Numbers(histogram.Count, histogram.Sum.Ticks) + histogram.Filled().Sum(filled => Varint(filled.Bucket) + Varint(filled.Count));

    private static int Numbers(params ReadOnlySpan<long> numbers)
    {
        var bytes = 0;
        foreach (var number in numbers) bytes += number == 0 ? 0 : Field + Varint(number);
        return bytes;
    }

    private static int Text(string text) => Field + 1 + text.Length;

    private static int Varint(long number) => Math.Max(1, (64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)number) + 6) / 7);
}
