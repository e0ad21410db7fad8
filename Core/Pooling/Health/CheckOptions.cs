namespace OrleansPool.Core.Pooling.Health;

/// <summary>Asking each address of an endpoint again and again how it is; docs/health.md has the whole of it.</summary>
public sealed class CheckOptions
{
    /// <summary>What is asked. Default: nothing, there are no checks.</summary>
    public CheckKind? Kind { get; set; }

    /// <summary>With <see cref="CheckKind.Http"/>: path and query. Default <c>/</c>.</summary>
    public string Path { get; set; } = "/";

    /// <summary>With <see cref="CheckKind.Grpc"/>: the service asked about. Default: none, which is the server as a whole.</summary>
    public string? Service { get; set; }

    /// <summary>With <see cref="CheckKind.Exchange"/>, which needs it: the frame to send, written as <see cref="Transports.Tcp.EscapedBytes"/>. Default: none.</summary>
    public string? Send { get; set; }

    /// <summary>With <see cref="CheckKind.Exchange"/>: what the reply begins with, written likewise. Default: none, any reply will do.</summary>
    public string? Expect { get; set; }

    /// <summary>With <see cref="CheckKind.JsonRpc"/>: the method called, without parameters. Default: none, which is <c>rpc.discover</c>.</summary>
    public string? Method { get; set; }

    /// <summary>With <see cref="CheckKind.JsonRpc"/>: whether an upstream that does not know the method is well, too: it answers. Default: false.</summary>
    public bool AcceptUnknownMethod { get; set; }

    /// <summary>Time from one check of an address to the next. 1 s to 1 h, default 10 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Each interval is shortened by a random share up to this, so that many hosts do not check in step. 0 to 0.9, default 0.2.</summary>
    public double Jitter { get; set; } = 0.2;

    /// <summary>A check without an answer for this long has failed. 50 ms to 1 min, default 2 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Failed checks in a row after which an address gets no calls. 1 to 10, default 2.</summary>
    public int Unhealthy { get; set; } = 2;

    /// <summary>Good checks in a row after which it gets calls again. 1 to 10, default 1.</summary>
    public int Healthy { get; set; } = 1;
}
