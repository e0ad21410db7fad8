using System.Reflection;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Wire;

/// <summary>
/// What clients and silos of different versions must agree on, as text: grains and messages by their names on the wire, numbers that travel, and bounds.
/// </summary>
internal static class WireContract
{
    private const string Title =
        """
        # What travels between clients and silos. Silos and clients of different versions talk to each other: add, with a new number; never change or reuse.
        """;

    /// <summary>The contract as the built assemblies have it.</summary>
    public static string Render() =>
        string.Join('\n', [Title, .. Types().SelectMany(Lines), .. Numbers<FailureCode>(), .. Numbers<Stage>(), .. Numbers<GrpcStatus>(), .. Limits(), ""]);

    /// <summary>What among the wire's own types would change its name or number by a mere renaming or reordering in the source.</summary>
    public static IEnumerable<string> Unnamed() => Types().SelectMany(Unnamed);

    /// <summary>The same, of one type.</summary>
    public static IEnumerable<string> Unnamed(Type type)
    {
        if (Alias(type) is null) yield return $"{type.Name} has no [Alias]";
        foreach (var member in Members(type))
        {
            if (type.IsInterface && Alias(member) is null) yield return $"{type.Name}.{member.Name} has no [Alias]";
            if (!type.IsInterface && Id(member) is null) yield return $"{type.Name}.{member.Name} has no [Id]";
        }
    }

    /// <summary>Every type of message.</summary>
    public static IEnumerable<Type> Messages() => Types().Where(type => !type.IsInterface);

    private static IEnumerable<Type> Types() => typeof(IPoolGrain).Assembly.GetTypes()
        .Where(type => type.IsInterface || type.IsDefined(typeof(GenerateSerializerAttribute)))
        .OrderBy(type => !type.IsInterface).ThenBy(Alias, StringComparer.Ordinal);

    private static IEnumerable<MemberInfo> Members(Type type) => type.IsInterface
        ? type.GetMethods().OrderBy(Alias, StringComparer.Ordinal)
        : type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(CarriesData).OrderBy(Id);

    // A property's own field is the compiler's business.
    private static bool CarriesData(MemberInfo member) => member is PropertyInfo { CanWrite: true } or FieldInfo { IsPublic: true };

    private static IEnumerable<string> Lines(Type type) =>
        ["", $"{(type.IsInterface ? "grain" : "message")} {Alias(type)} ({type.Name})", .. Members(type).Select(member => $"  {Line(member)}")];

    private static string Line(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Alias(method)}: {method.Name}({string.Join(", ", method.GetParameters().Select(Parameter))}) -> {Name(method.ReturnType)}",
        PropertyInfo property => $"{Id(property)} {property.Name}: {Name(property.PropertyType)}",
        FieldInfo field => $"{Id(field)} {field.Name}: {Name(field.FieldType)}",
        _ => throw new InvalidOperationException($"{member} carries no data."),
    };

    private static string Parameter(ParameterInfo parameter) => $"{Name(parameter.ParameterType)} {parameter.Name}";

    private static IEnumerable<string> Numbers<T>()
        where T : struct, Enum => ["", $"number {typeof(T).Name}", .. Enum.GetValues<T>().Select(value => $"  {Convert.ToInt32(value)} {value}")];

    private static IEnumerable<string> Limits() =>
        ["", "limits", .. typeof(WireLimits).GetFields().OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"  {field.Name} = {field.GetRawConstantValue()}")];

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericType: true } when Nullable.GetUnderlyingType(type) is { } value => $"{Name(value)}?",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.Name,
    };

    private static string? Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias;

    private static uint? Id(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;
}
