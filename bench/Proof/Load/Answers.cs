using System.Net;
using System.Net.Sockets;
using OrleansPool.Core.Calls;

namespace OrleansPool.Bench.Proof.Load;

/// <summary>Makes a call over HTTP, and finds a name for what came of it.</summary>
internal static class Answers
{
    /// <summary>Nobody answered in time.</summary>
    public const string NoAnswer = "(no answer)";

    /// <summary>The connection broke under the call.</summary>
    public const string ConnectionLost = "(connection lost)";

    /// <summary>Nobody listens there: the call was not sent.</summary>
    public const string NotConnected = "(not connected)";

    /// <summary>What a caller waits for an answer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>Null for a good answer; else what to call the failure.</summary>
    public static async Task<string?> CallAsync(HttpMessageInvoker way, Uri target, string host, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        using var late = deadline.Token.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, target) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Host = host;
        try
        {
            using var response = await way.SendAsync(request, patience.Token);
            await response.Content.CopyToAsync(Stream.Null, patience.Token);
            return NameOf(response);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return NoAnswer;
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return NotConnected;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return ConnectionLost;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Not one that a caller should ever see; told by its name, so that it is.
            return e.GetType().Name;
        }
    }

    private static string? NameOf(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK) return null;
        return response.Headers.NonValidated.TryGetValues(FailureReply.ErrorHeader, out var code) ? code.ToString() : $"HTTP {(int)response.StatusCode}";
    }
}
