using System.Runtime.InteropServices;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Limits.Sampling;

/// <summary>What one call that is over teaches the limit. How long it took is told beside it, by whoever kept the time.</summary>
/// <param name="Verdict">Whether it counts, and as what.</param>
/// <param name="Drop">How it was dropped; <see cref="DropKind.None"/> unless the verdict is <see cref="Verdict.Dropped"/>.</param>
/// <param name="MethodClass">0 to <see cref="MethodClasses.Count"/> - 1: calls of one class have response times that can be compared.</param>
/// <param name="IsStream">True when <see cref="LoadMeter.BecameStream"/> was told of it while it was open; it teaches nothing else then.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CallOutcome(Verdict Verdict, DropKind Drop = DropKind.None, int MethodClass = 0, bool IsStream = false)
{
    /// <summary>A call that says nothing of the load.</summary>
    public static CallOutcome Ignored => new(Verdict.Ignored);

    /// <summary>A call that was dropped.</summary>
    public static CallOutcome Dropped(DropKind kind) => new(Verdict.Dropped, kind);
}
