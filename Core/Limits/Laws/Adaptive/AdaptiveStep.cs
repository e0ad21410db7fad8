namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>One decision of the adaptive law, in the order in which evidence overrules evidence: brakes, a step being watched, queueing, growth. Pure.</summary>
internal sealed class AdaptiveStep(LimitDecision last, AdaptiveState before, EpochSample epoch, LimitBounds bounds)
{
    /// <summary>With fewer calls nothing is decided.</summary>
    public const int FewestSamples = 30;

    // Below this share of the proven limit nothing queues that matters.
    private const double Drained = .5;

    // Errors among the answers above this share: no growth.
    private const double MostErrors = .05;

    // A probe takes away the queue aimed at and a little of the service; it is due in this time of full use, and at once when the upstream got faster.
    private const double ProbeDepth = .87;
    private static readonly TimeSpan _probePeriod = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan _probeAfterCold = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _doubtLasts = TimeSpan.FromMinutes(1);

    private const double DeepestProbe = .5;

    private const double QueuedAtAll = .85;
    private const double Queued = .5;
    private const double Unqueued = .35;
    private const double NeverQueued = .25;

    private readonly AdaptiveState _before = before;
    private readonly double _limit = last.Limit;
    private readonly Growth _growth = new(epoch, last.Limit);

    public Move Decide() => CallOff(Brake()) ?? TooFew() ?? Judge(Lowered(_before with { Refusals = null }));

    // Failures that begin during a probe are judged at the limit that the probe came from.
    private Move? CallOff(Move? brake) => brake is not null && _before.Test is { Kind: StepKind.Probe } probe
        ? new Move(probe.Origin, brake.Reason, _before with { Streak = 0, Test = null, Refusals = brake.State.Refusals is { } refusals ? refusals with { Limit = probe.Origin } : null })
        : brake;

    private Move? Brake()
    {
        var calm = _before with { Streak = 0, Test = null };
        if (Brakes.PushBackShare(epoch) is > 0 and var share) return PushBack(calm, share);
        var isQueueing = _before.Baselines.Estimate(epoch) is { } queue && Steering.MustCut(queue, _limit);
        if (Brakes.Overdue(epoch, last, _before.GoodLimit, isQueueing, bounds) is not { } less) return null;
        var isLowest = less <= calm.GoodLimit * Brakes.HangingFloor;
        return new Move(less, LimitReason.Overdue, Checked(calm with { IsClimbing = calm.IsClimbing || isLowest }));
    }

    private Move PushBack(AdaptiveState state, double share)
    {
        var refusals = state.Refusals ?? new Refusals(_limit, share, Brakes.Served(epoch));
        state = state with { Refusals = refusals };
        if (refusals.AreUnrelated(Math.Min(_limit, epoch.InFlight), share, Brakes.Served(epoch))) return new Move(_limit, LimitReason.PushBack, state);
        var taken = Brakes.PushBack(epoch, _limit);

        // Refusals that filled a good part of the permits came from too many calls: the proven limit is too high as well, and what the upstream takes is known.
        return new Move(taken, LimitReason.PushBack, taken < .8 * _limit ? state with { GoodLimit = Math.Min(state.GoodLimit, taken), IsCold = false } : state);
    }

    private Move? TooFew() => epoch.Good < FewestSamples ? new Move(_limit, _growth.IsBound ? LimitReason.TooFewSamples : LimitReason.NotBound, _before) : null;

    // The upstream got faster. There may have been queueing in what was seen: to be looked at without, soon.
    private AdaptiveState Lowered(AdaptiveState state)
    {
        var lower = state.Baselines.Lower(epoch);
        return lower.IsBelow(state.Baselines) ? state with { Baselines = lower, CheckedAt = epoch.At - _probePeriod } : state with { Baselines = lower };
    }

    private Move Judge(AdaptiveState state)
    {
        if (state.Test is not { } test) return Steer(state);
        var response = test.Response(epoch);
        state = state with { Test = null, IsClimbing = false };
        return test.Kind switch
        {
            StepKind.Growth => AfterGrowth(state, response),
            StepKind.Cut => AfterCut(state, test, response),
            StepKind.Verify => AfterVerify(state, test, response),
            _ => AfterProbe(state, test, response),
        };
    }

    private Move AfterGrowth(AdaptiveState state, double? response) => response switch
    {
        // Response time rose as a queue's does, though the baseline says there is none: it was taken in a queue. Go down to where there is less.
        >= QueuedAtAll when Estimate(state) is { } queue && Steering.IsQuiet(queue, _limit) => Probe(state, DeepestProbe, _limit),
        > -Unqueued and < NeverQueued => Steer(Checked(state with { IsClimbing = true, Baselines = state.Baselines.Learn(epoch, state.IsCold) })),

        // Calls queue now, so the order of magnitude is known; unless the first few calls misled, which a probe will soon show.
        >= Queued => Steer(state with { IsCold = false, IsDoubted = true, CheckedAt = epoch.At - _probePeriod + _probeAfterCold }),
        _ => Steer(state),
    };

    private Move AfterCut(AdaptiveState state, StepTest test, double? response) => response switch
    {
        // It did not get faster by the cut: the service itself is slower. Back up; if it stays as it is there too, that is the new baseline.
        > -Unqueued and < Unqueued => Verify(state, test.Origin),
        >= Queued => Steer(state),
        _ => Steer(state, test.Origin),
    };

    private Move Verify(AdaptiveState state, double origin)
    {
        var candidate = state.Baselines.Replace(epoch);
        var test = new StepTest(StepKind.Verify, epoch.InFlight, candidate.Estimate(epoch) ?? default, origin, candidate);
        return new Move(origin, LimitReason.Probe, state with { Test = test });
    }

    // Nothing queues at either end of the step, so what both showed is the new baseline, and there may be room further up.
    private Move AfterVerify(AdaptiveState state, StepTest test, double? response) => response < Unqueued
        ? Steer(Checked(state with { Baselines = test.Baselines.Learn(epoch, isCold: false), IsClimbing = true })) with { Reason = LimitReason.NewBaseline }
        : Steer(state);

    private Move AfterProbe(AdaptiveState state, StepTest test, double? response) => response switch
    {
        // Even there calls queue: further down, where they do not.
        >= QueuedAtAll when _limit > DeepestProbe * test.Origin => Probe(state with { IsDoubted = false }, ProbeDepth, test.Origin),
        // Nothing queued before the probe either: the baseline was too low.
        > -Unqueued and < NeverQueued when state.IsDoubted => new Move(test.Origin, LimitReason.NewBaseline, state with { Baselines = state.Baselines.Replace(epoch), IsDoubted = false }),
        > -Unqueued and < QueuedAtAll => new Move(test.Origin, LimitReason.Probe, state with { Baselines = state.Baselines.Correct(epoch), IsDoubted = false }),
        _ => new Move(test.Origin, LimitReason.Probe, state),
    };

    private Move Steer(AdaptiveState state, double? origin = null)
    {
        if (!_growth.IsBound) return Idle(state);
        if (Estimate(state) is not { } queue) return new Move(_limit, LimitReason.TooFewSamples, state);
        state = state with { Elasticity = state.Elasticity.With(epoch.InFlight, epoch.GoodRate) };
        if (Steering.MustCut(queue, _limit))
            return Watched(Steering.Cut(queue, _limit, epoch), LimitReason.Queueing, state with { Streak = 0, IsCold = false }, StepKind.Cut, queue, origin ?? _limit);
        if (state.Elasticity.IsNegative())
            return new Move(_limit * .85, LimitReason.NegativeElasticity, Doubted(state) with { Streak = 0, IsCold = false, Elasticity = ElasticityWindow.Empty });
        if (IsProbeDue(state)) return Steering.IsBelowProven(_limit, state.GoodLimit) ? ProbeUp(state, queue) : Probe(state, ProbeDepth, _limit);
        return Brakes.FailureShare(epoch) > MostErrors ? new Move(_limit, LimitReason.Hold, state with { Streak = 0 }) : GrowOrSteer(state, queue);
    }

    private Move GrowOrSteer(AdaptiveState state, in QueueEstimate queue)
    {
        state = Proven(state, queue);
        if (Steering.IsCertain(queue, _limit)) state = state with { IsCold = false };
        if (!Steering.HasRoom(queue, _limit, state.IsCold))
            return new Move(Math.Min(Steering.Steer(queue, _limit), Math.Max(_limit, _growth.LargestUseful)), LimitReason.Hold, state with { Streak = 0 });
        if (_limit > _growth.LargestUseful) return new Move(_limit, LimitReason.Hold, state with { Streak = 0 });
        state = state with { Streak = state.Streak + 1 };
        var reason = Steering.IsBelowProven(_limit, state.GoodLimit) ? LimitReason.Recover : LimitReason.Grow;
        return Watched(Math.Max(_limit, _growth.Next(queue, state)), reason, state, StepKind.Growth, queue, _limit);
    }

    private Move Idle(AdaptiveState state)
    {
        var isDrained = epoch.InFlight < Drained * (state.GoodLimit > 0 ? state.GoodLimit : _limit);
        if (isDrained) state = Checked(state with { Baselines = state.Baselines.Correct(epoch) });
        var used = Math.Max(Math.Max(state.GoodLimit, bounds.Initial), 4 * state.Peak);
        return _limit > used
            ? new Move(Math.Max(used, _limit * .98), LimitReason.Unused, state with { Streak = 0 })
            : new Move(_limit, LimitReason.NotBound, state with { Streak = 0 });
    }

    private bool IsProbeDue(AdaptiveState state) => !state.IsCold && epoch.At - state.CheckedAt >= _probePeriod;

    private Move Probe(AdaptiveState state, double depth, double origin) =>
        Watched(_limit * depth, LimitReason.Probe, Checked(state with { Streak = 0 }), StepKind.Probe, Estimate(state) ?? default, origin);

    // Below a limit that was good before, the way up shows as much as the way down, and costs nothing.
    private Move ProbeUp(AdaptiveState state, in QueueEstimate queue) =>
        Watched(_growth.Recover(state), LimitReason.Probe, Checked(state), StepKind.Growth, queue, _limit);

    private Move Watched(double next, LimitReason reason, AdaptiveState state, StepKind kind, in QueueEstimate queue, double origin) =>
        Math.Abs(next - _limit) < StepTest.SmallestStep * _limit ? new(next, reason, state) : new(next, reason, state with { Test = new StepTest(kind, epoch.InFlight, queue, origin, state.Baselines) });

    private AdaptiveState Checked(AdaptiveState state) => state with { CheckedAt = epoch.At };

    private AdaptiveState Proven(AdaptiveState state, in QueueEstimate queue)
    {
        var isGood = queue.Share <= Steering.Aim(_limit) + (2 * queue.ShareNoise);
        return isGood && epoch.InFlight > state.GoodLimit ? state with { GoodLimit = Math.Min(_limit, epoch.InFlight) } : state;
    }

    // Once may be what is left of the incident that brought the limit down, or chance. Twice in short, the proven limit only seemed good, as one does while calls just
    // begin to queue, and would be gone back to again and again.
    private AdaptiveState Doubted(AdaptiveState state)
    {
        if (!Steering.IsBelowProven(_limit, state.GoodLimit)) return state;
        return epoch.At - state.ProofDoubtedAt < _doubtLasts ? state with { GoodLimit = _limit, ProofDoubtedAt = null } : state with { ProofDoubtedAt = epoch.At };
    }

    private QueueEstimate? Estimate(AdaptiveState state) => state.Baselines.Estimate(epoch);
}
