using OrleansPool.Bench.Paths.Processes;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>
/// How much of the machine other programs use, by the kernel's count: what the whole machine used, less what the bench's own processes did. The first
/// thing to look at when two runs disagree.
/// </summary>
internal sealed class MachineLoad(TestBed bed)
{
    private const string Source = "/proc/stat";

    // The unit of that file, on every machine that .NET runs on.
    private const double TicksPerSecond = 100;

    private (double Total, double Busy, double Own) _last = Read(bed);

    /// <summary>Other programs' share of all processors since the last reading, 0 to 1; null where the kernel does not tell.</summary>
    public double? ReadOthers()
    {
        if (!File.Exists(Source)) return null;
        var (before, now) = (_last, Read(bed));
        _last = now;
        var others = now.Busy - before.Busy - (now.Own - before.Own);
        return Math.Clamp(others / Math.Max(1, now.Total - before.Total), 0, 1);
    }

    private static (double Total, double Busy, double Own) Read(TestBed bed)
    {
        if (!File.Exists(Source)) return default;
        var ticks = File.ReadLines(Source).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(double.Parse).ToArray();

        // user nice system idle iowait irq softirq steal. Interrupts are mostly the bench's own packets, and in no process's account.
        var busy = ticks[0] + ticks[1] + ticks[2] + ticks[7];
        return (ticks.Sum(), busy, bed.CpuTime.TotalSeconds * TicksPerSecond);
    }
}
