using System.Collections;
using System.Reflection;
using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>Every option that the hosts read from their configuration, found by looking at the options classes themselves.</summary>
internal static class Options
{
    private const string AnyEndpoint = "<name>";

    /// <summary>Type and default by key path.</summary>
    public static IReadOnlyDictionary<string, (Type Type, object? Default)> Known { get; } =
        Below(OrleansPoolOptions.Section, new OrleansPoolOptions()).Concat(Below($"{OrleansPoolOptions.Section}:Gateway", new GatewayOptions())).ToDictionary();

    private static IEnumerable<KeyValuePair<string, (Type Type, object? Default)>> Below(string path, object options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).SelectMany(property => Of($"{path}:{property.Name}", property, options));

    private static IEnumerable<KeyValuePair<string, (Type Type, object? Default)>> Of(string path, PropertyInfo property, object options)
    {
        var (type, value) = (property.PropertyType, property.GetValue(options));
        if (value is IDictionary) return Below($"{path}:{AnyEndpoint}", Activator.CreateInstance(type.GetGenericArguments()[1])!);
        if (type.IsClass && type != typeof(string) && !type.IsArray) return Below(path, value!);
        return [new(path, (Nullable.GetUnderlyingType(type) ?? type, value is Array { Length: 0 } ? null : value))];
    }
}
