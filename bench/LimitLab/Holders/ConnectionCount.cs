using OrleansPool.Bench.LimitLab.Metrics;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>Connections of all holders together, counted at every change as the upstream would.</summary>
internal sealed class ConnectionCount(Recorder recorder, int cap)
{
    private int _open;

    public void Change(int by)
    {
        _open += by;
        recorder.Connections(_open, cap);
    }
}
