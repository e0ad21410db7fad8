namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>Sessions: each caller has a connection to the upstream for itself, and keeps it during the whole run.</summary>
internal sealed class SessionPath() : PortPath("tcp-session", CallKind.Frame, "tcp", ("Tcp__Mode", "session"), ("Pool__Max", "1000"), ("Pool__LeakThreshold", "00:00:00"));
