using System.Diagnostics.CodeAnalysis;

namespace OrleansPool.Core.Model;

/// <summary>
/// Headers or trailers of one message in their order on the wire, repeated names kept apart. Values hold one char per byte (Latin-1), so that
/// bytes outside ASCII pass through unchanged. Names compare without case. Not thread-safe.
/// </summary>
public sealed class HeaderBlock
{
    // Name, value, name, value: the same shape travels over the cluster's wire without a conversion.
    private string[] _flat;

    /// <summary>An empty block with room for <paramref name="capacity"/> headers before it grows.</summary>
    public HeaderBlock(int capacity = 8) => _flat = capacity == 0 ? [] : new string[capacity * 2];

    /// <summary>Takes over an array of alternating names and values.</summary>
    /// <exception cref="ArgumentException">The array has an odd length.</exception>
    public HeaderBlock(string[] flat)
    {
        if (flat.Length % 2 != 0) throw new ArgumentException("Headers come as alternating names and values; the array has an odd length.", nameof(flat));
        _flat = flat;
        Count = flat.Length / 2;
    }

    /// <summary>Number of headers.</summary>
    public int Count { get; private set; }

    /// <summary>The header at <paramref name="index"/>, in wire order.</summary>
    public (string Name, string Value) this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return (_flat[2 * index], _flat[(2 * index) + 1]);
        }
    }

    /// <summary>Appends a header.</summary>
    public void Add(string name, string value)
    {
        var at = 2 * Count;
        if (at == _flat.Length) Array.Resize(ref _flat, Math.Max(16, at * 2));
        _flat[at] = name;
        _flat[at + 1] = value;
        Count++;
    }

    /// <summary>The first value under <paramref name="name"/>.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        for (var at = 0; at < 2 * Count; at += 2)
        {
            if (!string.Equals(_flat[at], name, StringComparison.OrdinalIgnoreCase)) continue;
            value = _flat[at + 1];
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>True when the name at <paramref name="index"/> stands at an earlier place, too.</summary>
    public bool HasBefore(int index) => CountBefore(index) > 0;

    /// <summary>How often the name at <paramref name="index"/> stands at earlier places.</summary>
    public int CountBefore(int index)
    {
        var name = _flat[2 * index];
        var count = 0;
        for (var at = 0; at < 2 * index; at += 2)
        {
            if (_flat[at].Length == name.Length && string.Equals(_flat[at], name, StringComparison.OrdinalIgnoreCase)) count++;
        }

        return count;
    }

    /// <summary>Alternating names and values, exactly as long as needed; shares no memory that this block goes on to change.</summary>
    public string[] ToFlat() => _flat.Length == 2 * Count ? _flat : _flat[..(2 * Count)];

    /// <summary>Characters in all names and values: a measure of the block's size in bytes.</summary>
    public int Size
    {
        get
        {
            var size = 0;
            for (var at = 0; at < 2 * Count; at++) size += _flat[at].Length;
            return size;
        }
    }
}
