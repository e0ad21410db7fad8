using Orleans.Runtime.Messaging;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Client.Routed;

/// <summary>What Orleans' exceptions mean for a call.</summary>
internal static class RoutedFailures
{
    /// <summary>Nobody answered on any lane.</summary>
    public static CallFailure Unreachable() => new(FailureCode.ClusterUnreachable, "No silo of the cluster answers.");

    /// <summary>The silo that carried the call is gone.</summary>
    public static CallFailure Lost() => new(FailureCode.GatewayLost, "The silo that carried the call died, froze, or was cut off; whether the upstream processed it is not known.");

    /// <summary>A grain call threw.</summary>
    public static CallFailure From(Exception e) => e switch
    {
        OperationCanceledException => Lost(),
        OrleansMessageRejectionException or ConnectionFailedException when IsNoGateway(e) => Unreachable(),
        TimeoutException or OrleansException => new CallFailure(FailureCode.GatewayLost, $"The cluster did not carry the call to its end: {e.Message}"),
        _ => new CallFailure(FailureCode.InternalError, $"{e.GetType().Name}: {e.Message}"),
    };

    // Orleans says so by text alone; the message then never left this process.
    private static bool IsNoGateway(Exception e) => e.Message.Contains("No gateways available", StringComparison.OrdinalIgnoreCase);
}
