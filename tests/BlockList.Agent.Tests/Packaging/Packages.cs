using BlockList.Agent.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(BlockList.Agent.Tests.Packaging.Packages))]

namespace BlockList.Agent.Tests.Packaging;

/// <summary>The packages as <c>tools/package</c> makes them, made once when the first test asks for them.</summary>
public sealed class Packages : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("package-").FullName;
    private readonly Lazy<Task<(string Deb, string Tar)>> made;

    public Packages() => made = new(() => MakeAsync("first"));

    public Task<(string Deb, string Tar)> MadeAsync() => made.Value;

    /// <summary>Makes them once more, into a directory of their own.</summary>
    internal async Task<(string Deb, string Tar)> MakeAsync(string name, params string[] options)
    {
        Prerequisite.Command("dpkg-deb");
        var lines = (await OtherProgram.RequireAsync(Checkout.File("tools", "package"), ["--output", Path.Combine(directory, name), .. options])).Split('\n');
        return (lines[0], lines[1]);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
