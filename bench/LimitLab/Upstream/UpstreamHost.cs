using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>One host of the upstream: so many calls at once, the rest in a line or sharing.</summary>
internal abstract class UpstreamHost(Clock clock, Randomness random, HostState state) : IEventTarget
{
    /// <summary>Answers that cost no work: push-back and fast failures.</summary>
    private static readonly TimeSpan _atOnce = TimeSpan.FromMilliseconds(1);

    private const int EndPushedBack = 0;
    private const int EndFailed = 1;
    private protected const int EndDone = 2;

    protected Clock Clock { get; } = clock;

    /// <summary>Calls that it has, hanging ones included.</summary>
    public int InFlight { get; private set; }

    /// <summary>Service times of the calls begun so far, in seconds.</summary>
    public double WorkDrawn { get; private set; }

    /// <summary>What they would be if each of the calls were the mean of those that arrive.</summary>
    public double WorkExpected { get; private set; }

    public HostState State { get; private set; } = state;

    /// <summary>From now on it does like this; calls it works on keep the service time that they have.</summary>
    public void Change(HostState state)
    {
        State = state;
        Changed();
    }

    /// <summary>A call comes in.</summary>
    public void Begin(Call call)
    {
        InFlight++;
        if (State.Hang > TimeSpan.Zero) Clock.After(State.Hang, this, EndFailed, 0, call);
        else if (InFlight > State.PushBackAbove || IsFull) Clock.After(_atOnce, this, EndPushedBack, 0, call);
        else if (State.Failing > 0 && random.Next() < State.Failing) Clock.After(_atOnce, this, State.FailsAs == Answer.PushBack ? EndPushedBack : EndFailed, 0, call);
        else Accept(call);
    }

    public void Happen(int what, long tag, object? subject)
    {
        if (what == EndDone) Finish(tag, subject);
        else End((Call)subject!, what == EndPushedBack ? Answer.PushBack : Answer.Failure);
    }

    /// <summary>Whether there is no room for one more.</summary>
    protected abstract bool IsFull { get; }

    /// <summary>Works on a call, or lines it up.</summary>
    protected abstract void Accept(Call call);

    /// <summary>An event of kind <see cref="EndDone"/>.</summary>
    protected abstract void Finish(long tag, object? subject);

    /// <summary>The state has changed.</summary>
    protected abstract void Changed();

    /// <summary>A call is over.</summary>
    protected void End(Call call, Answer answer)
    {
        InFlight--;
        call.Owner!.Ended(call, answer);
    }

    /// <summary>The time that a call takes when it starts now.</summary>
    protected TimeSpan ServiceTimeOf(Call call)
    {
        var mean = State.Service[call.Method].Mean;
        WorkExpected += State.MeanService.TotalSeconds;
        WorkDrawn += mean.TotalSeconds * call.Work;
        var strain = State.Strain == 0 ? 1 : 1 + (State.Strain * Math.Max(0, ((double)InFlight / State.Slots) - 1));
        return mean * (call.Work * strain);
    }
}
