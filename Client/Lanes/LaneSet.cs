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

    /// <summary>A lane for the next call, with its silo known; one that calls avoid only when there is no other.</summary>
    public async ValueTask<Lane> ChooseAsync()
    {
        var lanes = Volatile.Read(ref _lanes);
        var lane = Choose(lanes);
        for (var attempt = 1; !lane.IsSound && attempt <= MaxAttempts; attempt++)
        {
            await lane.BeatAsync().ConfigureAwait(false);
            if (lane.IsAvoided) lane = Choose(lanes);
        }

        return lane;
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
        if (one.IsAvoided || other.IsAvoided) return AnyGood(lanes) ?? one;
        return other.InFlight < one.InFlight ? other : one;
    }

    private static Lane? AnyGood(Lane[] lanes)
    {
        var start = Random.Shared.Next(lanes.Length);
        for (var step = 0; step < lanes.Length; step++)
        {
            var lane = lanes[(start + step) % lanes.Length];
            if (!lane.IsAvoided) return lane;
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
