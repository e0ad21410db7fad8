using System.Collections.Concurrent;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>
/// Finds the optimum of each phase by trying fixed limits: one process that always has enough calls keeps exactly so many in flight. Optima are kept, as
/// all laws, seeds and numbers of holders share them.
/// </summary>
internal sealed class Oracle
{
    private const double Enough = 0.98;
    private const double Better = 1.005;
    private const int Draws = 400_000;

    private readonly ConcurrentDictionary<string, Lazy<Optimum>> _known = new(StringComparer.Ordinal);

    /// <summary>The optima of all phases.</summary>
    public IReadOnlyList<Optimum> Of(Scenario scenario) => [.. scenario.Phases.Select(phase => Of(scenario, phase))];

    private Optimum Of(Scenario scenario, Phase phase)
    {
        // Load and length of a phase do not matter: there are always enough calls.
        var alike = phase with { For = TimeSpan.Zero, Quick = TimeSpan.Zero, Load = 0, Skew = 0, SkewMoves = TimeSpan.Zero, Holders = 1, IsFault = false, Failing = 0, Mix = null };
        var key = $"{scenario.Upstream} {string.Join(',', scenario.Upstream.Methods)} {string.Join(',', phase.Mix ?? [])} {scenario.Holders.Deadline} {alike}";
        var found = _known.GetOrAdd(key, _ => new Lazy<Optimum>(() => Find(scenario, phase with { Failing = 0 }))).Value;
        return found with { GoodShare = 1 - phase.Failing };
    }

    private static Optimum Find(Scenario scenario, Phase phase)
    {
        if (phase.Hang > TimeSpan.Zero && phase.OnHosts == 0) return new Optimum(0, 0, TimeSpan.Zero, 1);
        var sweep = new ClosedLoop(scenario, phase);
        var (best, at) = Peak(sweep, scenario.Upstream.Slots);
        var (low, high) = (0, at);
        while (high - low > Math.Max(1, high / 100))
        {
            var middle = (low + high) / 2;
            if (sweep.GoodRate(middle) >= Enough * best) high = middle;
            else low = middle;
        }

        return new Optimum(best, high, UnloadedP99(scenario, phase), 1);
    }

    /// <summary>The best rate, and a limit that reaches it: twice as many as long as that helps.</summary>
    private static (double Best, int At) Peak(ClosedLoop sweep, int slots)
    {
        var (best, at, inVain) = (0.0, 1, 0);
        for (var limit = Math.Max(1, slots / 32); limit <= 4 * slots && inVain < 2; limit *= 2)
        {
            var rate = sweep.GoodRate(limit);
            inVain = rate > best * Better ? 0 : inVain + 1;
            if (rate > best) (best, at) = (rate, limit);
        }

        return (best, at);
    }

    private static TimeSpan UnloadedP99(Scenario scenario, Phase phase)
    {
        var random = new Randomness(0, Purpose.Work);
        var methods = scenario.Upstream.Methods;
        var mix = phase.Mix ?? [.. methods.Select(m => m.Share)];
        var times = new List<double>(Draws);
        for (var i = 0; i < methods.Count; i++)
        {
            if (methods[i].IsStream) continue;
            var count = (int)(Draws * mix[i] / mix.Sum());
            for (var n = 0; n < count; n++) times.Add(methods[i].Service.Draw(random) * methods[i].Service.Mean.TotalSeconds * phase.Service);
        }

        times.Sort();
        return TimeSpan.FromSeconds(times[(int)(times.Count * 0.99)]);
    }
}
