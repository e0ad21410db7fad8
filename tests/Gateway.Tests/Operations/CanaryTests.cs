using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>A secret that callers, upstreams and operators hold is in nothing that the host tells others: logs at their most talkative, metrics, spans, and every page it has.</summary>
public sealed class CanaryTests
{
    private const string Canary = "canary-5f3a9b";

    [Fact]
    public async Task Secret_OfCallersUpstreamsAndOperators_IsToldToNobodyElse()
    {
        var log = new KeptLog();
        using var trace = new TraceUnderTest();
        await using var upstream = await WebUpstream.StartAsync(AnswerAsync);
        await using var host = await GatewayHost.StartAsync(
            builder =>
            {
                builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
                builder.Configuration.AddInMemoryCollection(
                [
                    new("OrleansPool:Endpoints:a:Protocol", "http1"), new("OrleansPool:Endpoints:a:Addresses:0", upstream.Http1), new("OrleansPool:Endpoints:g:Protocol", "grpc"),
                    new("OrleansPool:Endpoints:g:Addresses:0", upstream.Http2), new("OrleansPool:Endpoints:gone:Protocol", "http1"), new("OrleansPool:Endpoints:gone:Addresses:0", "127.0.0.1:1"),
                    new("OrleansPool:Endpoints:gone:Pool:ConnectAttempts", "1"), new("OrleansPool:Gateway:Admin:Write", "true"), new("OrleansPool:Gateway:Admin:Key", $"{Canary}-of-operators"),
                ]);
            });
        using var client = Callers.Http1(host.Address);
        foreach (var endpoint in (string[])["a", "g", "gone", "nowhere"])
        {
            using var call = SecretCall($"/e/{endpoint}/pay.Pay/Charge?token={Canary}", trace.Parent, endpoint == "g");
            using var answer = await client.SendAsync(call).InTime("an answer");
        }

        await trace.EndedAsync(3);
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(trace.Ended.Select(Told), span => span.Contains(Canary, StringComparison.Ordinal));
        await PagesAreCleanAsync(host, client);
    }

    // Pages that are added later are found here, too.
    private static async Task PagesAreCleanAsync(GatewayHost host, HttpClient client)
    {
        var pages = host.Routes.Where(IsRead).Select(page => Filled(page.RoutePattern.RawText!)).ToList();
        Assert.Contains("/metrics", pages);
        Assert.Contains("/admin/pools", pages);
        foreach (var page in pages) Assert.DoesNotContain(Canary, await BeginningAsync(client, page), StringComparison.Ordinal);
    }

    private static bool IsRead(RouteEndpoint page) => page.Metadata.GetMetadata<HttpMethodMetadata>() is null or { HttpMethods: [] } || page.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET");

    private static string Filled(string pattern) => string.Join('/', pattern.Split('/').Select(part => part.StartsWith('{') ? "a" : part));

    // A page of events goes on for as long as there is somebody to read it.
    private static async Task<string> BeginningAsync(HttpClient client, string page)
    {
        using var response = await client.GetAsync(new Uri(page, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).InTime($"the page {page}");
        await using var body = await response.Content.ReadAsStreamAsync();
        if (response.Content.Headers.ContentType?.MediaType is not "text/event-stream") return $"{response.Headers}{await new StreamReader(body).ReadToEndAsync()}";
        var buffer = new byte[64 * 1024];
        return Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer).AsTask().InTime($"the first event of {page}"));
    }

    private static HttpRequestMessage SecretCall(string target, string parent, bool isGrpc)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, target) { Content = new StringContent($"password={Canary}") };
        if (isGrpc) call.Content.Headers.ContentType = new("application/grpc");
        call.Headers.TryAddWithoutValidation("traceparent", parent);
        foreach (var name in (string[])["authorization", "cookie", "x-api-key", "proxy-authorization"]) call.Headers.TryAddWithoutValidation(name, $"Bearer {Canary}");
        return call;
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.SetCookie = $"session={Canary}";
        context.Response.StatusCode = 500;
        return context.Response.WriteAsync($"stack trace with {Canary}");
    }

    private static string Told(Activity span) =>
        $"{span.DisplayName} {span.StatusDescription} {span.TraceStateString} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} {string.Join(' ', span.Events.Select(each => each.Name))}";

    /// <summary>All that is logged, with its fields and exceptions.</summary>
    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("OrleansPool", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{eventId} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // There is nothing to give back.
        }
    }
}
