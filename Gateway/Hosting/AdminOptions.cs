namespace OrleansPool.Gateway.Hosting;

/// <summary>The host's own pages, as the operator wrote it under <c>OrleansPool:Gateway:Admin</c>.</summary>
public sealed class AdminOptions
{
    /// <summary>Where the pages under <c>/admin</c> and <c>/console</c> listen, <c>ip:port</c>, and nowhere else then. Default: where callers connect.</summary>
    public string? Listen { get; set; }

    /// <summary>Whether operators can tell endpoints something, beside looking at them. Default false. Needs a key or <see cref="ClientCaFile"/>, but in the environment Development.</summary>
    public bool Write { get; set; }

    /// <summary>The key that who tells something sends as <c>Authorization: Bearer</c>: 16 characters or more. A secret: never logged. Default: none.</summary>
    public string? Key { get; set; }

    /// <summary>File that has the key and nothing else. Default: none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM file with the authorities whose client certificates let their owners in as the key does. Needs <see cref="Listen"/> and the gateway's certificate. Default: none.</summary>
    public string? ClientCaFile { get; set; }
}
