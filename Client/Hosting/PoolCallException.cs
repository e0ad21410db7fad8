using System.Text.Json;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Client.Hosting;

/// <summary>A call got no answer: it failed in the pool, or on its way to the upstream or back. docs/errors.md has all codes.</summary>
public sealed class PoolCallException : Exception
{
    internal PoolCallException(CallFailure failure)
        : base(failure.ToString())
    {
        Failure = failure;
    }

    /// <summary>What went wrong, where, and who failed.</summary>
    public CallFailure Failure { get; }

    /// <summary>True when the upstream provably did not process the call: repeating it cannot do its work twice.</summary>
    public bool IsRetryable => Failure.IsRetryable;

    /// <summary>The failure that a response tells of, as the pool writes it (<see cref="FailureReply"/>); null for the upstream's own.</summary>
    internal static PoolCallException? Of(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (!response.Headers.TryGetValues(FailureReply.ErrorHeader, out var codes) || !Enum.TryParse<FailureCode>(codes.First(), out var code)) return null;
        var json = new Utf8JsonReader(body);
        var problem = JsonElement.ParseValue(ref json);
        return new PoolCallException(new CallFailure(code, problem.GetProperty("detail").GetString() ?? "")
        {
            Stage = Enum.Parse<Stage>(response.Headers.GetValues(FailureReply.StageHeader).First()),
            RetryAfter = response.Headers.RetryAfter?.Delta,
        });
    }
}
