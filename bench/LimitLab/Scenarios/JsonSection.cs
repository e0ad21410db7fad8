using System.Globalization;
using System.Text.Json;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>
/// An object in a scenario file. Reading a key marks it as known; whatever is wrong, or known to nobody, goes to a list of mistakes with the key's path, so
/// that all are told at once.
/// </summary>
internal sealed class JsonSection(JsonElement element, string path, List<string> mistakes)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public bool Has(string key) => Find(key) is not null;

    public double Number(string key, double usual, double least, double most)
    {
        if (Find(key) is not { } value) return usual;
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number >= least && number <= most) return number;
        return Wrong(key, value, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"), usual);
    }

    public int Count(string key, int usual, int least, int most)
    {
        if (Find(key) is not { } value) return usual;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        return Wrong(key, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), usual);
    }

    public bool Flag(string key)
    {
        if (Find(key) is not { } value) return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Wrong(key, value, "true or false", usual: false);
    }

    public string? Text(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : Wrong<string?>(key, value, "a text", null);
    }

    /// <summary>A length of time, such as "50ms", "1.5s", "10min" or "1h".</summary>
    public TimeSpan Time(string key, TimeSpan usual)
    {
        if (Find(key) is not { } value) return usual;
        return value.ValueKind == JsonValueKind.String && Duration.TryParse(value.GetString()!, out var time)
            ? time
            : Wrong(key, value, "a time with its unit, such as \"50ms\", \"1.5s\", \"10min\" or \"1h\"", usual);
    }

    /// <summary>One of the names of an enumeration, in lower camel case.</summary>
    public TEnum Choice<TEnum>(string key, TEnum usual)
        where TEnum : struct, Enum
    {
        if (Find(key) is not { } value) return usual;
        var names = Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        var index = value.ValueKind == JsonValueKind.String ? names.IndexOf(value.GetString()!) : -1;
        return index >= 0 ? Enum.GetValues<TEnum>()[index] : Wrong(key, value, $"one of {string.Join(", ", names)}", usual);
    }

    /// <summary>An object; an empty one where there is none.</summary>
    public JsonSection Object(string key)
    {
        var value = Find(key);
        if (value is { ValueKind: not JsonValueKind.Object }) Wrong(key, value.Value, "an object", 0);
        return new JsonSection(value is { ValueKind: JsonValueKind.Object } ? value.Value : default, PathOf(key), mistakes);
    }

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<JsonSection> Objects(string key)
    {
        if (Find(key) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object)) return Wrong<IReadOnlyList<JsonSection>>(key, value, "a list of objects", []);
        return [.. value.EnumerateArray().Select((item, index) => new JsonSection(item, $"{PathOf(key)}[{index}]", mistakes))];
    }

    /// <summary>A mistake that is not about one value alone.</summary>
    public void Mistake(string key, string what) => mistakes.Add($"{PathOf(key)}: {what}");

    /// <summary>Reports what nobody has asked for.</summary>
    public void End()
    {
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var property in element.EnumerateObject())
        {
            if (!_known.Contains(property.Name)) Mistake(property.Name, $"there is no such key; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    private JsonElement? Find(string key)
    {
        _known.Add(key);
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) ? value : null;
    }

    private T Wrong<T>(string key, JsonElement value, string expected, T usual)
    {
        Mistake(key, $"{expected} is expected, not {value.GetRawText()}");
        return usual;
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
