using System.Xml.Linq;

namespace Sluice.Tests.House;

/// <summary>Doors between rooms open downwards only.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sluice.Core"] = [],
        ["Sluice.Protocol"] = [],
        ["Sluice.Cpu"] = ["Sluice.Core"],
        ["Sluice.Models"] = ["Sluice.Core"],
        ["Sluice.Engine"] = ["Sluice.Core", "Sluice.Models"],
        ["Sluice.Local"] = ["Sluice.Engine", "Sluice.Models", "Sluice.Cpu", "Sluice.Core", "Sluice.Protocol"],
        ["Sluice.Gateway"] = ["Sluice.Protocol"],
        ["Sluice.Pipe"] = ["Sluice.Protocol", "Sluice.Gateway"],
        ["Sluice.Server"] = ["Sluice.Protocol", "Sluice.Gateway"],
        ["Sluice.Cli"] =
        [
            "Sluice.Core", "Sluice.Cpu", "Sluice.Models", "Sluice.Engine", "Sluice.Protocol", "Sluice.Local", "Sluice.Gateway",
            "Sluice.Pipe", "Sluice.Server",
        ],
    };

    /// <summary>Packages a room may bring into the product, each with its reason in Directory.Packages.props.</summary>
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Sluice.Cli"] = ["System.CommandLine", "Spectre.Console"],
        ["Sluice.Cpu"] = ["Iced"],
        ["Sluice.Gateway"] = ["YamlDotNet"],
        ["Sluice.Local"] = ["Microsoft.Extensions.AI.Abstractions"],
        ["Sluice.Server"] = ["OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol"],
    };

    public static TheoryData<string> Projects => new(Directory
        .EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectReferences_AnyRoom_AreDoorsOfTheHouse(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out string[]? allowed), $"{project} is not a room of the house: add it here and to the architecture page");
        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void PackageReferences_AnyRoom_AreTheListedOnes(string project) =>
        Assert.Empty(Items(project, "PackageReference").Except(Packages.GetValueOrDefault(project, [])));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Build_AnyRoom_LetsNoReferenceThroughAClosedDoor(string project)
    {
        Assert.Empty(Load($"src/{project}/{project}.csproj").Descendants("DisableTransitiveProjectReferences"));
        string common = Assert.Single(Load("Directory.Build.props").Descendants("DisableTransitiveProjectReferences")).Value;
        Assert.Equal("true", common);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Solution_AnyRoom_IsPartOfIt(string project) =>
        Assert.Contains($"src/{project}/{project}.csproj", Load("Sluice.slnx").Descendants("Project").Select(element => (string?)element.Attribute("Path")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Room_AnyRoom_HasSomethingInIt(string project) =>
        Assert.Contains(Checkout.Sources(), path => path.StartsWith($"src/{project}/", StringComparison.Ordinal));

    private static IEnumerable<string> Items(string project, string kind) =>
        Load($"src/{project}/{project}.csproj").Descendants(kind).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    private static XDocument Load(string relative) => XDocument.Parse(Checkout.Read(relative));
}
