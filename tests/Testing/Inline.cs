namespace OrleansPool.Testing;

/// <summary>
/// Runs a step so that whatever awaits it has gone on before the step returns: continuations run inline only on a thread without a synchronization context,
/// and a test's thread has one.
/// </summary>
public static class Inline
{
    public static void Run(Action step)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            step();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
