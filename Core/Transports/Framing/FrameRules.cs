using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Framing;

/// <summary>What is asked of a request to be exchanged: one whole frame, and nothing behind it.</summary>
internal static class FrameRules
{
    /// <summary>Null, or why <paramref name="request"/> is not one frame.</summary>
    public static CallFailure? Check(IFraming framing, ReadOnlySpan<byte> request)
    {
        if (request.IsEmpty) return NotOneFrame("The request is empty");
        var scan = framing.Requests().Scan(request);
        if (scan.Error is not null) return NotOneFrame(scan.Error);
        if (!scan.IsEnd) return NotOneFrame("The request ends before its frame does");
        return scan.Count == request.Length ? null : NotOneFrame("There are bytes behind the request's frame");
    }

    /// <summary>The request is not one frame, for this reason.</summary>
    public static CallFailure NotOneFrame(string reason) =>
        new(FailureCode.RequestInvalid, $"{reason}. A request is one whole frame of Tcp:Framing, of at most Tcp:MaxFrameBytes.") { Stage = Stage.Send };
}
