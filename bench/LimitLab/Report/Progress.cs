namespace OrleansPool.Bench.LimitLab.Report;

/// <summary>How far it is, on one line that is written over; nothing where nobody watches.</summary>
internal sealed class Progress(TextWriter output, bool isRedirected)
{
    private readonly Lock _gate = new();

    public void Show(int done, int all)
    {
        if (isRedirected) return;
        lock (_gate) output.Write($"\r{done} of {all} runs");
    }

    public void End()
    {
        if (!isRedirected) output.Write("\r                              \r");
    }
}
