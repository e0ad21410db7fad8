using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>An answer of which a test says all there is to say, without a body.</summary>
internal sealed class ToldAnswer(int status, HeaderBlock headers, HeaderBlock trailers) : UpstreamResponse
{
    public override int Status => status;

    public override HeaderBlock Headers => headers;

    public override HeaderBlock Trailers => trailers;

    public override bool IsRequestDone => true;

    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => new(new BodyRead(0));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Judges answers by what they say.</summary>
internal static class ToldAnswers
{
    public static DropKind Judge(this CallSemantics semantics, int status, HeaderBlock headers, HeaderBlock trailers) => semantics.Judge(new ToldAnswer(status, headers, trailers));
}
