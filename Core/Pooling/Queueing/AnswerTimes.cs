using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// An <see cref="AnswerTime"/> for each of the <see cref="MethodClasses"/>: what is plenty for a cheap method may be hopeless for a dear one, whose
/// calls would all be sent in vain. Not thread-safe: in a pool its lock guards it.
/// </summary>
public sealed class AnswerTimes
{
    private readonly AnswerTime?[] _classes = new AnswerTime?[MethodClasses.Count];

    /// <summary>What a call of that class needs; zero when nothing is known.</summary>
    public TimeSpan Needed(int methodClass) => _classes[methodClass]?.Needed ?? TimeSpan.Zero;

    /// <summary>The upstream answered a call of that class.</summary>
    public void Answered(int methodClass, TimeSpan responseTime) => Of(methodClass).Answered(responseTime);

    /// <summary>A call of that class timed out that the upstream had for so long.</summary>
    public void Unanswered(int methodClass, TimeSpan given) => Of(methodClass).Unanswered(given);

    private AnswerTime Of(int methodClass) => _classes[methodClass] ??= new AnswerTime();
}
