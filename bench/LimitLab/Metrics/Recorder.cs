using System.Runtime.InteropServices;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>Counts what happens in a run, from outside: nothing the holders or the laws know comes in here.</summary>
internal sealed class Recorder(Clock clock, UpstreamModel upstream, int holders, TimeSpan countsFrom)
{
    /// <summary>Below this share of the optimum a call should neither wait nor be refused.</summary>
    private const double Idle = 0.9;

    private TickCounts _tick;
    private TimeSpan _last;
    private long _inFlightTicks;
    private (double Drawn, double Expected) _work;
    private int[] _offered = new int[holders];
    private int[] _good = new int[holders];
    private Optimum _optimum = new(0, 0, TimeSpan.Zero, 1);
    private int _phase;

    public Trace Trace { get; } = new();

    /// <summary>Calls in flight, as the holders see it.</summary>
    public int InFlight { get; private set; }

    private bool IsIdle => InFlight < Idle * _optimum.InFlight;

    public void Enter(int phase, Optimum optimum) => (_phase, _optimum) = (phase, optimum);

    public void Arrived(int holder)
    {
        _tick.Offered++;
        _offered[holder]++;
    }

    public void Queued()
    {
        if (IsIdle) _tick.QueuedIdle++;
    }

    public void Refused()
    {
        _tick.Refused++;
        if (IsIdle) _tick.RefusedIdle++;
    }

    public void Sent()
    {
        Advance();
        InFlight++;
        _tick.Peak = Math.Max(_tick.Peak, InFlight);
    }

    public void Settled()
    {
        Advance();
        InFlight--;
    }

    /// <summary>A call ended well.</summary>
    public void Good(int holder, TimeSpan responseTime, TimeSpan whole)
    {
        _tick.Good++;
        _good[holder]++;
        Took(responseTime, whole);
    }

    /// <summary>A call took so long at the upstream, and in all; also one that its caller gave up.</summary>
    public void Took(TimeSpan responseTime, TimeSpan whole)
    {
        _tick.Ended++;
        _tick.ResponseTicks += responseTime.Ticks;
        if (clock.Now < countsFrom || _optimum.InFlight == 0) return;
        Trace.Upstream.Record(responseTime / _optimum.UnloadedP99);
        Trace.Whole.Record(whole / _optimum.UnloadedP99);
    }

    public void Connections(int open, int cap) => Trace.OverCap = Math.Max(Trace.OverCap, open - cap);

    /// <summary>A step of the trace is over.</summary>
    public void Close(double limit, int waiting, bool isProbing)
    {
        Advance();
        Trace.Ticks.Add(new TraceTick
        {
            At = clock.Now,
            Phase = _phase,
            Limit = limit,
            InFlight = _inFlightTicks / (double)Trace.Step.Ticks,
            PeakInFlight = Math.Max(_tick.Peak, InFlight),
            Waiting = waiting,
            Offered = _tick.Offered,
            Good = _tick.Good,
            Refused = _tick.Refused,
            RefusedIdle = _tick.RefusedIdle,
            QueuedIdle = _tick.QueuedIdle,
            Luck = TakeLuck(),
            ResponseTime = _tick.Ended == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(_tick.ResponseTicks / _tick.Ended),
            IsProbing = isProbing,
        });
        (_tick, _inFlightTicks) = (default, 0);
        if (clock.Now.Ticks % Trace.Window.Ticks == 0) CloseWindow();
    }

    private void CloseWindow()
    {
        Trace.Windows.Add(new FairnessWindow(clock.Now, _offered, _good));
        (_offered, _good) = (new int[holders], new int[holders]);
    }

    private void Advance()
    {
        _inFlightTicks += (clock.Now - _last).Ticks * InFlight;
        _last = clock.Now;
    }

    private double TakeLuck()
    {
        var before = _work;
        _work = (upstream.Hosts.Sum(h => h.WorkDrawn), upstream.Hosts.Sum(h => h.WorkExpected));
        return _work.Expected == before.Expected ? 1 : (_work.Drawn - before.Drawn) / (_work.Expected - before.Expected);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct TickCounts
    {
        public int Offered, Good, Refused, RefusedIdle, QueuedIdle, Peak, Ended;
        public long ResponseTicks;
    }
}
