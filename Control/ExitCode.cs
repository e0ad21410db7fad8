namespace OrleansPool.Control;

/// <summary>How the program ends, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>It was shown, or is in force.</summary>
    public const int Done = 0;

    /// <summary>The pool refused, or what was asked for does not exist; wrong arguments end so, too.</summary>
    public const int Refused = 1;

    /// <summary>The check found something.</summary>
    public const int Findings = 2;

    /// <summary>The pool could not be reached, or could not answer now.</summary>
    public const int Unreachable = 3;

    /// <summary>The sender is not known to the pool.</summary>
    public const int Unauthorized = 4;
}
