using System.Xml.Linq;

namespace OrleansPool.Architecture.Tests.Layering;

/// <summary>One project file, as far as it says on what it stands.</summary>
internal sealed class Project
{
    private readonly XDocument _xml;

    public Project(string path)
    {
        Path = path;
        Folder = System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/');
        _xml = XDocument.Parse(Repository.Read(path));
        References = [.. Included("ProjectReference").Select(Resolve)];
    }

    public static IReadOnlyList<Project> All { get; } = [.. Repository.Files("", ".csproj").Select(path => new Project(path))];

    public string Path { get; }

    public string Folder { get; }

    /// <summary>Paths of the projects that this one names itself.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>Packages and frameworks that this one names itself.</summary>
    public IEnumerable<string> Packages => Included("PackageReference").Concat(Included("FrameworkReference"));

    public IEnumerable<string> FriendAssemblies => Included("InternalsVisibleTo");

    /// <summary>This project and all that it stands on.</summary>
    public IEnumerable<Project> WithAllReferences() =>
        References.SelectMany(path => All.Single(project => project.Path == path).WithAllReferences()).Prepend(this).Distinct();

    private IEnumerable<string> Included(string item) => _xml.Descendants(item).Select(element => element.Attribute("Include")!.Value);

    private string Resolve(string reference) =>
        System.IO.Path.GetRelativePath(Repository.Root, System.IO.Path.GetFullPath(Repository.FullPath($"{Folder}/{reference}"))).Replace('\\', '/');
}
