using System.Runtime.InteropServices;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Calls.Recent;

/// <summary>
/// An endpoint's last 15 minutes in this process, by the second. It is told nothing by calls: it reads the samples that go to the budget about once a second
/// anyway, so a call costs nothing for it. A sample is spread over the seconds that it covers. Room for it (48 KB) is taken with the endpoint's first call. Thread-safe.
/// </summary>
public sealed class CallHistory(CallErrors errors)
{
    /// <summary>Seconds that it goes back.</summary>
    public const int Length = 900;

    private const int TrailSteps = 60;

    // Long enough that two late samples do not show as a stumble, short enough for what is called live.
    private static readonly TimeSpan _rateWindow = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Second[] _seconds = [];
    private RecentTimes? _times;
    private long _failedBefore;
    private long _turnedAwayBefore;

    /// <summary>Takes a sample in, before it goes anywhere else.</summary>
    /// <param name="sample">What was seen up to now.</param>
    /// <param name="limit">The cluster's limit, as far as known; else 0.</param>
    /// <param name="now">The end of the sample's span.</param>
    public void Add(LoadSample sample, int limit, TimeSpan now)
    {
        lock (_gate)
        {
            var failed = Since(errors.Failed, ref _failedBefore);
            var calls = sample.Good + sample.Timeouts + sample.PushBacks + sample.Failures + sample.Ignored + Since(errors.TurnedAway, ref _turnedAwayBefore);
            if (_times is null)
            {
                if (calls == 0 && sample.InFlightSeconds == 0 && sample.WaitingSeconds == 0) return;
                (_seconds, _times) = (new Second[Length], new RecentTimes());
            }

            Spread(new Second { Calls = calls, Failed = failed, InFlight = (float)sample.InFlightSeconds, Waiting = (float)sample.WaitingSeconds, Limit = limit, Permits = sample.Permits }, sample.Span, now);
            AddTimes(sample.ResponseTimes, now);
        }
    }

    /// <summary>The last few seconds.</summary>
    public RecentCalls Recent(TimeSpan now)
    {
        lock (_gate)
        {
            var (covered, calls, failed) = (0f, 0f, 0f);
            foreach (ref readonly var second in _seconds.AsSpan())
            {
                if (second.Number < Number(now - _rateWindow) || second.Covered == 0) continue;
                (covered, calls, failed) = (covered + second.Covered, calls + second.Calls, failed + second.Failed);
            }

            return covered == 0 ? new RecentCalls(0, 0, new ResponseTimeHistogram()) : new RecentCalls(calls / covered, failed / covered, _times!.Window(now));
        }
    }

    /// <summary>Every second of which something is known, the oldest first.</summary>
    public IReadOnlyList<HistoryPoint> Points(TimeSpan now)
    {
        lock (_gate)
        {
            var (newest, points) = (Number(now), new List<HistoryPoint>());
            for (var number = Math.Max(0, newest - Length + 1); _seconds.Length > 0 && number <= newest; number++)
            {
                ref var second = ref SecondOf(number);
                if (second.Number == number && second.Covered > 0) points.Add(second.ToPoint((int)(newest - number)));
            }

            return points;
        }
    }

    /// <summary>The limit of the last 15 minutes in 60 steps, the oldest first; 0 where none is known. Empty for an endpoint that nobody called.</summary>
    public IReadOnlyList<int> LimitTrail(TimeSpan now)
    {
        lock (_gate)
        {
            if (_seconds.Length == 0) return [];
            var trail = new int[TrailSteps];
            foreach (ref readonly var second in _seconds.AsSpan())
            {
                var ago = Number(now) - second.Number;
                if (second.Covered > 0 && ago is >= 0 and < Length) trail[TrailSteps - 1 - (ago * TrailSteps / Length)] = second.Limit;
            }

            return trail;
        }
    }

    private void Spread(in Second whole, TimeSpan span, TimeSpan now)
    {
        var from = now - (span < TimeSpan.FromSeconds(Length) ? span : TimeSpan.FromSeconds(Length));

        // A sample can be of a moment later than the one that was told with it, and so begin before the clock did.
        for (var number = Math.Max(0, Number(from)); number <= Number(now); number++)
        {
            var (begin, end) = (TimeSpan.FromSeconds(number), TimeSpan.FromSeconds(number + 1));
            var overlap = (end < now ? end : now) - (begin > from ? begin : from);
            if (overlap > TimeSpan.Zero) Touch(number).Add(whole, (float)(overlap / span), (float)overlap.TotalSeconds);
        }
    }

    // Response times belong to the second in which their sample ends: a sample covers one second, or less.
    private void AddTimes(ResponseTimeHistogram?[] times, TimeSpan now)
    {
        ref var second = ref Touch(Number(now));
        _times!.Add(times, second.Number, now);
        (second.P50, second.P99) = _times.OfSecond();
    }

    private ref Second Touch(long number)
    {
        ref var second = ref SecondOf(number);
        if (second.Number != number) second = new Second { Number = number };
        return ref second;
    }

    private ref Second SecondOf(long number) => ref _seconds[number % Length];

    private static long Number(TimeSpan time) => time.Ticks / TimeSpan.TicksPerSecond;

    private static long Since(long total, ref long before)
    {
        var since = total - before;
        before = total;
        return since;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Second
    {
        public long Number;
        public float Covered;
        public float Calls;
        public float Failed;
        public float InFlight;
        public float Waiting;
        public int Limit;
        public int Permits;
        public float P50;
        public float P99;

        public void Add(in Second whole, float part, float seconds)
        {
            (Calls, Failed) = (Calls + (whole.Calls * part), Failed + (whole.Failed * part));
            (InFlight, Waiting) = (InFlight + (whole.InFlight * part), Waiting + (whole.Waiting * part));
            (Covered, Limit, Permits) = (Covered + seconds, whole.Limit, whole.Permits);
        }

        public readonly HistoryPoint ToPoint(int ago) => new(
            ago, Rounded(Calls / Covered), Rounded(Failed / Covered), Rounded(InFlight / Covered), Rounded(Waiting / Covered), Limit, Permits,
            P50 > 0 ? Rounded(P50) : null, P99 > 0 ? Rounded(P99) : null);

        private static double Rounded(float value) => Math.Round(value, 2);
    }
}
