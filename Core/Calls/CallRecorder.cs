using System.Collections.Concurrent;
using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls;

/// <summary>
/// Records how long an endpoint's calls wait, hold their connection and take altogether, and how they end; those that end badly are also remembered for people. Attributes are made once for each end that occurs: a
/// record allocates nothing. Thread-safe.
/// </summary>
internal sealed class CallRecorder(PoolMeter meter, string endpoint, Protocol protocol, CallSemantics semantics, CallErrors? errors = null)
{
    private readonly string _system = protocol.SystemName();
    private readonly EnumTags<WaitOutcome> _waits = new(endpoint, MetricTags.Outcome);
    private readonly EnumTags<FailureCode> _rejections = new(endpoint, MetricTags.Reason);
    private readonly KeyValuePair<string, object?>[] _uses = [new(MetricTags.Pool, endpoint)];
    private readonly ConcurrentDictionary<int, KeyValuePair<string, object?>[]> _answers = new();
    private readonly ConcurrentDictionary<FailureCode, KeyValuePair<string, object?>[]> _failures = new();

    /// <summary>True while somebody listens: else there is nothing to measure, and no clock to be read.</summary>
    public bool IsOn => meter.CallTime.Enabled || meter.UseTime.Enabled || meter.WaitTime.Enabled || meter.Rejections.Enabled;

    /// <summary>A wait for a permit and a connection is over; with a failure, or with both.</summary>
    public void Waited(TimeSpan wait, CallFailure? failure) => meter.WaitTime.Record(wait.TotalSeconds, _waits[OutcomeOf(failure)]);

    /// <summary>An attempt without an answer, or whose answer nobody wants, gave its connection back.</summary>
    public void Used(TimeSpan use) => meter.UseTime.Record(use.TotalSeconds, _uses);

    /// <summary>A call gave its connection back at the end of its answer.</summary>
    /// <param name="took">Since it came.</param>
    /// <param name="use">Since it had the connection.</param>
    /// <param name="status">What <see cref="CallSemantics.StatusOf"/> says of the answer.</param>
    public void Answered(TimeSpan took, TimeSpan use, int status)
    {
        Used(use);
        if (errors is not null && semantics.IsError(status)) errors.AddAnswer(semantics.NameOf(status));
        meter.CallTime.Record(took.TotalSeconds, _answers.TryGetValue(status, out var tags) ? tags : _answers.GetOrAdd(status, TagsOf(status)));
    }

    /// <summary>A call gave its connection back before its answer had ended.</summary>
    public void Broken(TimeSpan took, TimeSpan use, FailureCode code)
    {
        Used(use);
        errors?.Add(code, Stage.Receive, FailureFacts.Of(code).Advice);
        Ended(took, code);
    }

    /// <summary>A call ended without an answer.</summary>
    public void Failed(TimeSpan took, CallFailure failure)
    {
        if (failure.Traits.HasFlag(FailureTraits.Rejected)) meter.Rejections.Add(1, _rejections[failure.Code]);
        errors?.Add(failure.Code, failure.Stage, failure.Detail);
        Ended(took, failure.Code);
    }

    private void Ended(TimeSpan took, FailureCode code) =>
        meter.CallTime.Record(took.TotalSeconds, _failures.TryGetValue(code, out var tags) ? tags : _failures.GetOrAdd(code, TagsOf(code)));

    private KeyValuePair<string, object?>[] TagsOf(int status)
    {
        var name = semantics.NameOf(status);
        KeyValuePair<string, object?>[] tags = [new(MetricTags.Pool, endpoint), new(MetricTags.System, _system), new(MetricTags.Status, name)];
        return semantics.IsError(status) ? [.. tags, new(MetricTags.ErrorType, name)] : tags;
    }

    private KeyValuePair<string, object?>[] TagsOf(FailureCode code) =>
        [new(MetricTags.Pool, endpoint), new(MetricTags.System, _system), new(MetricTags.ErrorType, MetricTags.ValueOf(code))];

    private static WaitOutcome OutcomeOf(CallFailure? failure) => failure?.Code switch
    {
        null => WaitOutcome.Acquired,
        FailureCode.QueueTimeout or FailureCode.DeadlineInQueue => WaitOutcome.Timeout,
        FailureCode.CallerCancelled => WaitOutcome.Cancelled,
        _ => WaitOutcome.Rejected,
    };
}
