using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls.Recent;

/// <summary>One way in which calls went wrong of late.</summary>
/// <param name="Stage">Where they were.</param>
/// <param name="Party">Whose doing it was.</param>
/// <param name="Name">The failure's code (docs/errors.md), or the status by which the upstream answered.</param>
/// <param name="Count">How many, since <paramref name="FirstAgo"/>.</param>
/// <param name="FirstAgo">How long ago the first of them was; there was no pause of 15 minutes since.</param>
/// <param name="LastAgo">How long ago the last of them was.</param>
/// <param name="Detail">What the last one was told. No payload, no secrets.</param>
public sealed record RecentError(Stage Stage, Party Party, string Name, long Count, TimeSpan FirstAgo, TimeSpan LastAgo, string Detail);
