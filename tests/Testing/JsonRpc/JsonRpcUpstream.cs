using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansPool.Testing.JsonRpc;

/// <summary>A small JSON-RPC server, a line for each message, with the methods of the specification's examples, and <c>echo</c> and <c>hold</c>.</summary>
public sealed class JsonRpcUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _connections = [];
    private readonly Task _accepting;

    public JsonRpcUpstream()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Connections that were made to it.</summary>
    public int Accepted => _connections.Count;

    /// <summary>Notifications that it got, by their methods.</summary>
    public ConcurrentQueue<string> Notified { get; } = [];

    /// <summary>Requests for <c>hold</c>, each to be answered by the test.</summary>
    public ConcurrentQueue<Func<JsonNode, Task>> Held { get; } = [];

    /// <summary>Closes every connection.</summary>
    public void Cut()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting.InTime("the upstream to end");
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync();
                _connections.Add(connection);
                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        try
        {
            using var reader = new StreamReader(connection.GetStream());
            while (await reader.ReadLineAsync() is { } line) await TakeAsync(connection, JsonNode.Parse(line)!.AsObject());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task TakeAsync(TcpClient connection, JsonObject request)
    {
        var method = (string)request["method"]!;
        if (!request.ContainsKey("id")) Notified.Enqueue(method);
        else if (method == "hold") Held.Enqueue(result => AnswerAsync(connection, request, "result", result));
        else if (ResultOf(method, request["params"]) is { } result) await AnswerAsync(connection, request, "result", result);
        else await AnswerAsync(connection, request, "error", new JsonObject { ["code"] = -32601, ["message"] = "Method not found", ["data"] = method });
    }

    private static JsonNode? ResultOf(string method, JsonNode? parameters) => method switch
    {
        "subtract" when parameters is JsonArray list => (int)list[0]! - (int)list[1]!,
        "subtract" => (int)parameters!["minuend"]! - (int)parameters["subtrahend"]!,
        "sum" => parameters!.AsArray().Sum(number => (int)number!),
        "echo" => parameters![0]!.DeepClone(),
        "get_data" => new JsonArray("hello", 5),
        _ => null,
    };

    private static async Task AnswerAsync(TcpClient connection, JsonObject request, string member, JsonNode value)
    {
        var answer = new JsonObject { ["jsonrpc"] = "2.0", [member] = value, ["id"] = request["id"]?.DeepClone() };
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{answer.ToJsonString()}\n"));
    }
}
