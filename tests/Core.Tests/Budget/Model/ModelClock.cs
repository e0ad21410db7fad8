namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>The one clock of a model world; nothing fires on it.</summary>
internal sealed class ModelClock : TimeProvider
{
    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();
}
