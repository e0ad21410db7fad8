namespace OrleansPool.Core.Transports.Tcp;

/// <summary>The exchange after a session that makes its connection reusable; without one it closes.</summary>
public sealed class ResetOptions
{
    /// <summary>What is sent: one whole request, written as <see cref="EscapedBytes"/>. Default: none, each session's connection closes with it.</summary>
    public string? Send { get; set; }

    /// <summary>The reply that it must bring, to the byte. Needed with <see cref="Send"/>.</summary>
    public string? Expect { get; set; }

    /// <summary>How long replies still owed and the reset's own may take, from the caller's end on. 10 ms to 1 min, default 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}
