using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests;

/// <summary>How calls end.</summary>
internal static class Outcome
{
    public static CallOutcome Good => new(Verdict.Success);

    public static CallOutcome Ignored => CallOutcome.Ignored;

    public static CallOutcome Dropped => CallOutcome.Dropped(DropKind.Failure);

    public static CallOutcome GoodOf(int methodClass) => new(Verdict.Success, MethodClass: methodClass);

    public static CallOutcome Stream => new(Verdict.Ignored, IsStream: true);
}
