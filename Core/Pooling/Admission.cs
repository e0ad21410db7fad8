using System.Runtime.InteropServices;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling;

/// <summary>What a pool has to know of a call to let it in.</summary>
/// <param name="Deadline">When the call is worth nothing any more.</param>
/// <param name="Caller">Who calls, where the queue is fair to callers; null for nobody in particular.</param>
/// <param name="MethodClass">The class of its method, one of <see cref="MethodClasses"/>.</param>
/// <param name="SeekingSince">
/// Since when, by <see cref="MonotonicClock"/>, it has been looking for a share and found none at the others: then it waits here for one, even while only
/// they have. Null: it has not been there.
/// </param>
/// <param name="Request">The call itself, to tell who has a lease that is held too long; null where that is not known.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Admission(Deadline Deadline, string? Caller = null, int MethodClass = 0, TimeSpan? SeekingSince = null, CallRequest? Request = null);
