using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules of docs/options.md for what tells the health of addresses.</summary>
internal static class HealthRules
{
    public static void CheckOutliers(string path, OutlierOptions outliers, ConfigErrors errors)
    {
        errors.Range($"{path}:ConsecutiveFailures", outliers.ConsecutiveFailures, 0, 1_000);
        errors.Range($"{path}:FailureRatio", outliers.FailureRatio, 0, 1);
        errors.RangeOrZero($"{path}:LatencyFactor", outliers.LatencyFactor, 2, 100, "never");
        errors.Range($"{path}:MinCalls", outliers.MinCalls, 1, 10_000);
        errors.Range($"{path}:Interval", outliers.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        errors.Range($"{path}:EjectionTime", outliers.EjectionTime, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        errors.Range($"{path}:MaxEjectionTime", outliers.MaxEjectionTime, outliers.EjectionTime, TimeSpan.FromHours(1), $" (Outliers:EjectionTime = {outliers.EjectionTime})");
        errors.Range($"{path}:MaxShare", outliers.MaxShare, 0, 1);
        errors.RangeOrZero($"{path}:SlowStart", outliers.SlowStart, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "at once");
    }
}
