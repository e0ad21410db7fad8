namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>Framed exchange: callers share 16 connections to the upstream, frame by frame.</summary>
internal sealed class FramedPath() : PortPath(
    "tcp-framed", CallKind.Frame, "tcp", ("Tcp__Mode", "framed"), ("Tcp__Framing", "length-prefix"), ("Pool__Max", "16"));
