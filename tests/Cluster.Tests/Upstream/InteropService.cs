using Grpc.Core;
using Microsoft.AspNetCore.Http;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Core.Calls;

namespace OrleansPool.Cluster.Tests.Upstream;

/// <summary>The methods of protos/interop.proto, and the metadata that every one of them mirrors.</summary>
internal sealed class InteropService(CallLog calls)
{
    public async Task HandleAsync(HttpContext context)
    {
        var headers = context.Request.Headers.Select(header => (header.Key, header.Value.ToString())).ToList();
        var record = calls.Of(headers.Find(header => header.Key == "call-id").Item2 ?? "nameless");
        var mirrored = headers.Where(header => header.Key.StartsWith("mirror-", StringComparison.Ordinal)).ToList();
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-encoding"] = "gzip";
        foreach (var (name, value) in mirrored) context.Response.Headers[name] = value;

        var arrived = record.OnArrived(headers, TimeLeft(context));
        try
        {
            var exchange = new GrpcExchange(context, record);
            var (status, message) = await AnswerAsync(context.Request.Path.Value!.Split('/')[^1], exchange, arrived);
            exchange.End(status, message, mirrored);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            record.OnCancelled();
        }
    }

    private static Task<(StatusCode Status, string Message)> AnswerAsync(string method, GrpcExchange call, int arrived) => method switch
    {
        "Empty" => EmptyAsync(call),
        "Unary" => UnaryAsync(call),
        "Hold" => HoldAsync(call),
        "Gather" => GatherAsync(call, arrived),
        "Collect" => CollectAsync(call),
        "Produce" => ProduceAsync(call),
        "Converse" => ConverseAsync(call),
        _ => Task.FromResult((StatusCode.Unimplemented, $"There is no method {method}.")),
    };

    private static async Task<(StatusCode, string)> EmptyAsync(GrpcExchange call)
    {
        await call.ReadAsync(Nothing.Parser);
        await call.WriteAsync(new Nothing());
        return Ok;
    }

    private static async Task<(StatusCode, string)> UnaryAsync(GrpcExchange call)
    {
        var wish = (await call.ReadAsync(Wish.Parser))!;
        if (wish.Status != 0) return ((StatusCode)wish.Status, wish.Message);
        if (wish.WaitBefore > 0) await call.WriteHalfAsync(ReplyTo(wish), call.PassGateAsync);
        else await call.WriteAsync(ReplyTo(wish), wish.Compress);
        return Ok;
    }

    private static async Task<(StatusCode, string)> HoldAsync(GrpcExchange call)
    {
        var wish = (await call.ReadAsync(Wish.Parser))!;
        await call.PassGateAsync();
        await call.WriteAsync(ReplyTo(wish));
        return Ok;
    }

    private static async Task<(StatusCode, string)> GatherAsync(GrpcExchange call, int arrived)
    {
        var wish = (await call.ReadAsync(Wish.Parser))!;
        if (arrived == wish.Replies) call.Record.OpenGate();
        await call.PassGateAsync();
        await call.WriteAsync(ReplyTo(wish));
        return Ok;
    }

    private static async Task<(StatusCode, string)> CollectAsync(GrpcExchange call)
    {
        var reply = new Reply { Intact = true };
        while (await call.ReadAsync(Wish.Parser) is { } wish)
        {
            reply.Received += wish.Body.Length;
            reply.Intact &= Filler.IsIntact(wish.Body.Span);
            if (wish.WaitAfter) await call.PassGateAsync();
            if (wish.Status != 0) return ((StatusCode)wish.Status, wish.Message);
        }

        await call.WriteAsync(reply);
        return Ok;
    }

    private static async Task<(StatusCode, string)> ProduceAsync(GrpcExchange call)
    {
        var wish = (await call.ReadAsync(Wish.Parser))!;
        if (wish.WaitBefore > 0) await call.StartAsync();
        for (var number = 1; number <= wish.Replies; number++)
        {
            if (number == wish.WaitBefore) await call.PassGateAsync();
            await call.WriteAsync(ReplyTo(wish), wish.Compress && number % 2 == 1);
        }

        return ((StatusCode)wish.Status, wish.Message);
    }

    private static async Task<(StatusCode, string)> ConverseAsync(GrpcExchange call)
    {
        while (await call.ReadAsync(Wish.Parser) is { } wish)
        {
            if (wish.WaitAfter) await call.PassGateAsync();
            if (wish.Status != 0) return ((StatusCode)wish.Status, wish.Message);
            await call.WriteAsync(ReplyTo(wish), wish.Compress);
        }

        return Ok;
    }

    private static (StatusCode Status, string Message) Ok => (StatusCode.OK, "");

    private static Reply ReplyTo(Wish wish) =>
        new() { Body = Filler.Message(wish.ReplySize), Received = wish.Body.Length, Intact = Filler.IsIntact(wish.Body.Span) };

    private static TimeSpan? TimeLeft(HttpContext context) =>
        GrpcTimeout.TryParse(context.Request.Headers["grpc-timeout"].ToString(), out var left) ? left : null;
}
