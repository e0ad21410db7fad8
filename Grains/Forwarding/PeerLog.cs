using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Grains.Forwarding;

/// <summary>What a silo writes to the log about another one that it forwards calls to: once for each change.</summary>
internal sealed partial class PeerLog(ILogger logger, SiloAddress silo)
{
    private readonly ILogger _logger = logger;

    public void DoesNotAnswer() => DoesNotAnswer(silo.Endpoint);

    public void AnswersAgain() => AnswersAgain(silo.Endpoint);

    [LoggerMessage(EventIds.PeerSilent, LogLevel.Warning, "Silo {Silo} does not answer: calls forwarded to it have failed, and no more are while another silo has a share")]
    private partial void DoesNotAnswer(System.Net.IPEndPoint silo);

    [LoggerMessage(EventIds.PeerAnswers, LogLevel.Information, "Silo {Silo} answers again: calls may be forwarded to it")]
    private partial void AnswersAgain(System.Net.IPEndPoint silo);
}
