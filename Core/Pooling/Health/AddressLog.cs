using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>What becomes of addresses, for the log.</summary>
internal sealed partial class AddressLog(ILogger logger, string endpoint)
{
    private readonly ILogger _logger = logger;

    public void Tell(AddressChange change)
    {
        switch (change.Kind)
        {
            case AddressChangeKind.Ejected:
                Ejected(endpoint, change.Address, change.Why);
                break;
            case AddressChangeKind.Back:
                Back(endpoint, change.Address);
                break;
            case AddressChangeKind.PanicBegan:
                PanicBegan(endpoint);
                break;
            default:
                PanicEnded(endpoint);
                break;
        }
    }

    [LoggerMessage(EventIds.AddressEjected, LogLevel.Warning, "{Endpoint}: {Address} gets no calls for a while: {Why}. Look at that instance; /admin/pools shows it")]
    private partial void Ejected(string endpoint, string address, string why);

    [LoggerMessage(EventIds.AddressBack, LogLevel.Information, "{Endpoint}: {Address} is well again and gets calls, few at first")]
    private partial void Back(string endpoint, string address);

    [LoggerMessage(EventIds.PanicBegan, LogLevel.Error, "{Endpoint}: not one address is well, so all of them get calls. Look at the upstream")]
    private partial void PanicBegan(string endpoint);

    [LoggerMessage(EventIds.PanicEnded, LogLevel.Information, "{Endpoint}: an address is well again; those that are not get no calls")]
    private partial void PanicEnded(string endpoint);
}
