using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>
/// gRPC's health protocol (grpc/doc/health-checking.md). Its messages have one field each, so they are written and read here: the request's is the name of a
/// service, the response's a number.
/// </summary>
internal sealed class GrpcProbe(string service, TimeSpan timeout) : CallProbe
{
    private const int PrefixLength = 5;
    private const byte NameField = 0x0a; // Field 1, length-delimited.
    private const byte StatusField = 0x08; // Field 1, varint.
    private static readonly string[] _states = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    private readonly byte[] _message = Message(service);

    protected override SendOptions Options => new(string.Create(CultureInfo.InvariantCulture, $"{(long)timeout.TotalMilliseconds}m"), null);

    protected override CallRequest Request()
    {
        var headers = new HeaderBlock(2);
        headers.Add("content-type", GrpcContent.MediaType);
        headers.Add("te", "trailers");
        return new CallRequest { Method = "POST", Target = "/grpc.health.v1.Health/Check", Headers = headers, HasBody = true, Body = _message };
    }

    protected override string? Judge(UpstreamResponse response, ReadOnlySpan<byte> body)
    {
        if (response.Trailers.TryGet("grpc-status", out var status) || response.Headers.TryGet("grpc-status", out status))
        {
            if (status is not "0") return $"grpc.health.v1 Check ended with the status {status}{(status is "12" ? ": the server has no such service" : "")}";
            return State(body) is "SERVING" ? null : $"grpc.health.v1 says {State(body)}";
        }

        return $"grpc.health.v1 Check was answered without a gRPC status, by HTTP {response.Status}";
    }

    private static string State(ReadOnlySpan<byte> body) => body.Length switch
    {
        PrefixLength => _states[0],
        PrefixLength + 2 when body[PrefixLength] == StatusField && body[PrefixLength + 1] < _states.Length => _states[body[PrefixLength + 1]],
        _ => "something else",
    };

    private static byte[] Message(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        byte[] field = name.Length == 0 ? [] : [NameField, (byte)name.Length, .. name];
        var message = new byte[PrefixLength + field.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), field.Length);
        field.CopyTo(message, PrefixLength);
        return message;
    }
}
