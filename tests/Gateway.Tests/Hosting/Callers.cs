using System.Net;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>HTTP clients that speak one version of the protocol and nothing else, without TLS.</summary>
internal static class Callers
{
    public static HttpClient Http1(Uri address) => New(address, HttpVersion.Version11);

    public static HttpClient Http2(Uri address) => New(address, HttpVersion.Version20);

    private static HttpClient New(Uri address, Version version) => new(new Speaking(version)) { BaseAddress = address };

    // HttpClient's own default of the version is not for messages that a test makes itself.
    private sealed class Speaking(Version version)
        : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (request.Version, request.VersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
