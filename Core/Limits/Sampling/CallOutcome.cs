using System.Runtime.InteropServices;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Limits.Sampling;

/// <summary>What one call that is over teaches the limit.</summary>
/// <param name="Verdict">Whether it counts, and as what.</param>
/// <param name="Drop">How it was dropped; <see cref="DropKind.None"/> unless the verdict is <see cref="Verdict.Dropped"/>.</param>
/// <param name="ResponseTime">From the moment the call had its channel to the end of its answer; counts with <see cref="Verdict.Success"/> only.</param>
/// <param name="MethodClass">0 to <see cref="MethodClasses.Count"/> - 1: calls of one class have response times that can be compared.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CallOutcome(Verdict Verdict, DropKind Drop, TimeSpan ResponseTime, int MethodClass);
