using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansPool.Core.Calls.JsonRpc;

/// <summary>
/// The requests of one session that are not answered yet, by their ids: an id is the same however it is written, since a server may write it another way.
/// Thread-safe.
/// </summary>
/// <param name="most">So many there may be before no more should come.</param>
internal sealed class OpenRequests(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (byte[] Id, int Count)> _open = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private int _count;

    /// <summary>True when all are answered.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _count == 0;
        }
    }

    /// <summary>Completes when there has been any.</summary>
    public Task First => _first.Task;

    /// <summary>Completes when there are fewer than the most. One at a time.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate) return _count < most ? Task.CompletedTask : (_room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>A request goes out under this id.</summary>
    public void Add(ReadOnlySpan<byte> id)
    {
        var key = KeyOf(id);
        lock (_gate)
        {
            _open[key] = (id.ToArray(), _open.GetValueOrDefault(key).Count + 1);
            _count++;
        }

        _first.TrySetResult();
    }

    /// <summary>An answer came under this id; one that was not asked for changes nothing.</summary>
    public void Answered(ReadOnlySpan<byte> id)
    {
        var key = KeyOf(id);
        lock (_gate)
        {
            if (!_open.TryGetValue(key, out var open)) return;
            if (open.Count == 1) _open.Remove(key);
            else _open[key] = open with { Count = open.Count - 1 };
            if (--_count < most) _room?.TrySetResult();
        }
    }

    /// <summary>The ids of all that are open, as their caller wrote them, once for each; none is after this.</summary>
    public IReadOnlyList<byte[]> TakeAll()
    {
        lock (_gate)
        {
            var all = _open.Values.SelectMany(open => Enumerable.Repeat(open.Id, open.Count)).ToList();
            _open.Clear();
            _count = 0;
            _room?.TrySetResult();
            return all;
        }
    }

    private static string KeyOf(ReadOnlySpan<byte> id)
    {
        var json = new Utf8JsonReader(id);
        json.Read();
        try
        {
            if (json.TokenType == JsonTokenType.String) return $"\"{json.GetString()}";
            if (json.TokenType == JsonTokenType.Number && json.TryGetDecimal(out var number)) return number.ToString("G29", CultureInfo.InvariantCulture);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which is no text; it is compared as it is written.
        }

        return Encoding.UTF8.GetString(id);
    }
}
