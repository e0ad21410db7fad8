using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Layering;

/// <summary>
/// Which folders of Core a source file refers to. An unused using does not build, so usings tell nearly all; the rest are names qualified on the spot
/// (<c>Pooling.ChannelPool</c>), which are told from members of the same name by what follows.
/// </summary>
internal static class SourceReferences
{
    public static string[] CoreFolders { get; } = [.. new DirectoryInfo(Repository.FullPath("Core")).EnumerateDirectories().Select(folder => folder.Name).Where(name => name is not ("bin" or "obj"))];

    private static readonly Regex _absolute = new(@"OrleansPool\.Core\.(?<folder>\w+)", RegexOptions.NonBacktracking);
    private static readonly Regex _relative = new(@"(^|[^\w.])(Core\.)?(?<folder>[A-Z]\w+)\.(?<name>\w+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Dictionary<string, HashSet<string>> _names = CoreFolders.ToDictionary(folder => folder, NamesIn);

    public static IReadOnlySet<string> ToCoreFolders(string path)
    {
        var text = Repository.Read(path);
        var absolute = _absolute.Matches(text).Select(match => match.Groups["folder"].Value);
        var relative = _relative.Matches(text).Where(match => _names.TryGetValue(match.Groups["folder"].Value, out var names) && names.Contains(match.Groups["name"].Value));
        return absolute.Concat(relative.Select(match => match.Groups["folder"].Value)).ToHashSet();
    }

    // A type stands in a file of its name, a namespace in a folder of its name.
    private static HashSet<string> NamesIn(string folder) =>
        [.. Repository.Files($"Core/{folder}", ".cs").SelectMany(path => path.Split('/')[2..]).Select(name => Path.GetFileNameWithoutExtension(name))];
}
