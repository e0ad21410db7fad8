using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Faults;

/// <summary>Calls an echo endpoint as a client of its protocol does.</summary>
internal abstract class EchoCaller : IDisposable
{
    public static EchoCaller Of(string protocol, GatewayHost host) => protocol switch
    {
        "tcp" or "pipelined" => new Lines(host, word => word, line => line),
        "jsonrpc" => new Lines(host, Request, Result),
        "grpc" => new Grpc(Callers.Http2(host.Address)),
        "http2" => new Http(Callers.Http2(host.Address)),
        _ => new Http(Callers.Http1(host.Address)),
    };

    /// <summary>What was said back; null when the caller was told that the call failed.</summary>
    public abstract Task<string?> CallAsync(string word);

    public abstract void Dispose();

    private static string Request(string word) => new JsonObject { ["jsonrpc"] = "2.0", ["id"] = word, ["method"] = "echo", ["params"] = new JsonArray(word) }.ToJsonString();

    // Its id says whose the answer is, be it an error.
    private static string? Result(string line)
    {
        var answer = JsonNode.Parse(line)!;
        if (answer["result"] is { } result) Assert.Equal((string?)result, (string?)answer["id"]);
        else Assert.NotNull(answer["error"]);
        return (string?)answer["result"];
    }

    private sealed class Http(HttpClient client) : EchoCaller
    {
        public override async Task<string?> CallAsync(string word)
        {
            try
            {
                using var answer = await client.PostAsync("/e/echo/", new StringContent(word));
                return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync() : null;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return null;
            }
        }

        public override void Dispose() => client.Dispose();
    }

    private sealed class Grpc(HttpClient client) : EchoCaller
    {
        private const int PrefixLength = 5;

        public override async Task<string?> CallAsync(string word)
        {
            var message = new byte[PrefixLength + word.Length];
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), word.Length);
            Encoding.ASCII.GetBytes(word, message.AsSpan(PrefixLength));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/e/echo/echo.Echo/Say") { Content = new ByteArrayContent(message) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            using var answer = await client.SendAsync(request);

            // A gRPC caller is told everything by status: whatever is amiss, the call itself succeeds.
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var status = answer.TrailingHeaders.TryGetValues("grpc-status", out var codes) || answer.Headers.TryGetValues("grpc-status", out codes) ? codes.Single() : null;
            Assert.NotNull(status);
            return status == "0" ? Encoding.ASCII.GetString(body.AsSpan(PrefixLength)) : null;
        }

        public override void Dispose() => client.Dispose();
    }

    /// <summary>A connection for each call, and a line each way.</summary>
    private sealed class Lines(GatewayHost host, Func<string, string> write, Func<string, string?> read) : EchoCaller
    {
        public override async Task<string?> CallAsync(string word)
        {
            try
            {
                using var caller = new TcpClient();
                await caller.ConnectAsync(IPEndPoint.Parse(host.Port(0)));
                await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(write(word) + "\n"));
                using var reader = new StreamReader(caller.GetStream());
                return await reader.ReadLineAsync() is { } line ? read(line) : null;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                return null;
            }
        }

        public override void Dispose()
        {
            // Each call closed its own.
        }
    }
}
