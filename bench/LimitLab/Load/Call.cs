using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Bench.LimitLab.Load;

/// <summary>One call from its arrival to its end. Used again for later calls; <see cref="Version"/> tells them apart.</summary>
internal sealed class Call : IQueued<Call>
{
    private QueueLink<Call> _link;

    /// <inheritdoc />
    public ref QueueLink<Call> Link => ref _link;

    /// <inheritdoc />
    public TimeSpan Since { get; set; }

    /// <summary>Grows with each use of this object.</summary>
    public long Version { get; set; }

    public CallState State { get; set; }

    /// <summary>When its caller made it.</summary>
    public TimeSpan ArrivedAt { get; set; }

    /// <summary>When the upstream got it.</summary>
    public TimeSpan SentAt { get; set; }

    /// <summary>When its caller gives up.</summary>
    public TimeSpan Deadline { get; set; }

    /// <summary>Which of the upstream's methods.</summary>
    public int Method { get; set; }

    /// <summary>Its service time over the mean of its method, drawn at arrival so that every law gets the same work.</summary>
    public double Work { get; set; }

    /// <summary>True once it was passed on to another holder, which happens once at most.</summary>
    public bool IsForwarded { get; set; }

    /// <summary>The holder that its caller is connected to.</summary>
    public int Origin { get; set; }

    /// <summary>Who has it, and hears of its end at the upstream.</summary>
    public ICallOwner? Owner { get; set; }

    /// <summary>The upstream's host that has it.</summary>
    public int HostIndex { get; set; }
}
