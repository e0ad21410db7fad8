using OrleansPool.Client.Hosting;

namespace OrleansPool.Client.Lanes;

/// <summary>
/// The lanes of one endpoint. A call takes the less busy of two taken at random, among those whose silo answers. When the cluster grows the lanes are
/// laid anew, because Orleans keeps a key on its gateway for good. Thread-safe.
/// </summary>
internal sealed class LaneSet : IDisposable
{
    private const int MaxAttempts = 3;

    private readonly string _endpoint;
    private readonly IGrainFactory _grains;
    private readonly GatewayLinks _links;
    private readonly OrleansPoolClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _beats;

    private Lane[] _lanes;
    private Lane[] _retired = [];
    private int _generation;

    public LaneSet(string endpoint, IGrainFactory grains, GatewayLinks links, OrleansPoolClientOptions options, TimeProvider time)
    {
        (_endpoint, _grains, _links, _options, _time) = (endpoint, grains, links, options, time);
        _lanes = NewLanes();
        _beats = time.CreateTimer(static set => ((LaneSet)set!).Beat(), this, options.BeatPeriod, options.BeatPeriod);
    }

    /// <summary>
    /// A lane for the next call, with its silo known: without that, nobody would notice the call's loss. One whose silo is leaving only when there is no
    /// other; null when no silo answers.
    /// </summary>
    public async ValueTask<Lane?> ChooseAsync()
    {
        var lanes = Volatile.Read(ref _lanes);
        for (var attempt = 1; ; attempt++)
        {
            var lane = Choose(lanes);
            if (lane.IsSound) return lane;
            await lane.BeatAsync().ConfigureAwait(false);
            if (lane.IsSound || (attempt == MaxAttempts && lane.IsAnswering)) return lane;
            if (attempt == MaxAttempts) return null;
        }
    }

    /// <summary>Lays the lanes anew, so that a silo that joined gets its part. Calls under way finish on the old ones.</summary>
    public void Renew()
    {
        Interlocked.Increment(ref _generation);
        var old = Interlocked.Exchange(ref _lanes, NewLanes());
        Volatile.Write(ref _retired, [.. _retired.Where(lane => lane.InFlight > 0), .. old]);
    }

    public void Dispose() => _beats.Dispose();

    private Lane[] NewLanes() =>
        [.. Enumerable.Range(0, _options.Lanes).Select(n => new Lane(_grains, $"{_endpoint}#{n}.{_generation}", _links, _options.BeatTimeout, _time))];

    private static Lane Choose(Lane[] lanes)
    {
        var one = lanes[Random.Shared.Next(lanes.Length)];
        var other = lanes[Random.Shared.Next(lanes.Length)];
        if (one.IsAvoided || other.IsAvoided) return First(lanes, lane => lane.IsSound) ?? First(lanes, lane => !lane.IsAvoided) ?? one;
        return other.InFlight < one.InFlight ? other : one;
    }

    private static Lane? First(Lane[] lanes, Func<Lane, bool> isGood)
    {
        var start = Random.Shared.Next(lanes.Length);
        for (var step = 0; step < lanes.Length; step++)
        {
            var lane = lanes[(start + step) % lanes.Length];
            if (isGood(lane)) return lane;
        }

        return null;
    }

    // An idle lane costs nothing; one that calls avoid is asked until its silo answers, or Orleans has moved it to another.
    private void Beat()
    {
        foreach (var lane in Volatile.Read(ref _lanes).Concat(Volatile.Read(ref _retired)))
        {
            if (lane.InFlight > 0 || lane.IsAvoided) _ = lane.BeatAsync();
        }
    }
}
