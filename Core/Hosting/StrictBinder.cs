using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace OrleansPool.Core.Hosting;

/// <summary>
/// Reads a section into an options object key by key, so that an unknown key, a value of the wrong kind and everything after them are all found in one
/// go; the framework's binder stops at the first, and takes "30" for thirty days.
/// </summary>
public static class StrictBinder
{
    /// <summary>Fills <paramref name="target"/> from <paramref name="section"/>, passing over the keys that are <paramref name="othersBusiness"/>.</summary>
    public static void Bind(IConfiguration section, object target, string path, ConfigErrors errors, params IReadOnlyCollection<string> othersBusiness)
    {
        if (section is IConfigurationSection { Value: { Length: > 0 } value }) errors.Add(path, value, "a group of keys is expected");
        var properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToList();
        foreach (var child in section.GetChildren())
        {
            if (othersBusiness.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) continue;
            var childPath = $"{path}:{child.Key}";
            var property = properties.Find(p => string.Equals(p.Name, child.Key, StringComparison.OrdinalIgnoreCase));

            // Its value is not told: a key that nobody knows may be the misspelt one of a password.
            if (property is null) errors.Add(childPath, "...", $"no such key; known are {string.Join(", ", properties.Select(p => p.Name))}");
            else BindProperty(child, target, property, childPath, errors);
        }
    }

    private static void BindProperty(IConfigurationSection child, object target, PropertyInfo property, string path, ConfigErrors errors)
    {
        var type = property.PropertyType;
        if (property.GetValue(target) is IDictionary dictionary) BindEntries(child, dictionary, type.GetGenericArguments()[1], path, errors);
        else if (type == typeof(string[])) BindStrings(child, target, property, path, errors);
        else if (type.IsClass && type != typeof(string)) Bind(child, property.GetValue(target)!, path, errors);
        else BindValue(child, target, property, path, errors);
    }

    private static void BindEntries(IConfigurationSection section, IDictionary dictionary, Type entryType, string path, ConfigErrors errors)
    {
        foreach (var entry in section.GetChildren())
        {
            var value = dictionary[entry.Key] ?? Activator.CreateInstance(entryType)!;
            Bind(entry, value, $"{path}:{entry.Key}", errors);
            dictionary[entry.Key] = value;
        }
    }

    private static void BindStrings(IConfigurationSection section, object target, PropertyInfo property, string path, ConfigErrors errors)
    {
        if (section.Value is { Length: > 0 } single) errors.Add(path, single, $"a list is expected: [\"{single}\"], or {path.Replace(":", "__", StringComparison.Ordinal)}__0 in the environment");
        else property.SetValue(target, section.GetChildren().Select(item => item.Value ?? "").ToArray());
    }

    private static void BindValue(IConfigurationSection section, object target, PropertyInfo property, string path, ConfigErrors errors)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (section.Value is null)
        {
            errors.Add(path, null, $"{Expected(type)} is expected");
            return;
        }

        if (TryRead(section.Value, type, out var value)) property.SetValue(target, value);
        else errors.Add(path, section.Value, $"{Expected(type)} is expected");
    }

    private static bool TryRead(string text, Type type, out object? value)
    {
        value = null;
        if (type == typeof(string)) value = text;
        else if (type == typeof(bool) && bool.TryParse(text, out var flag)) value = flag;
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) value = whole;
        else if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)) value = large;
        else if (type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) value = real;
        else if (type == typeof(TimeSpan) && text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)) value = span;
        else if (type.IsEnum && !int.TryParse(text, out _) && Enum.TryParse(type, text, ignoreCase: true, out var member)) value = member;
        return value is not null;
    }

    private static string Expected(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(TimeSpan) => "a time as hours:minutes:seconds, 00:00:30 for 30 s,",
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(n => n.ToLowerInvariant())),
        _ => "a value",
    };
}
