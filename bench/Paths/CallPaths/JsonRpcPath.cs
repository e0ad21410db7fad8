namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>JSON-RPC: callers' calls share at most 4 connections to the upstream, many at once on each.</summary>
internal sealed class JsonRpcPath() : PortPath("jsonrpc", CallKind.JsonRpc, "jsonrpc", ("Pool__Max", "4"));
