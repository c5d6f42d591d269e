using BlockList.Agent.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(BlockList.Agent.Tests.Packaging.Packages))]

namespace BlockList.Agent.Tests.Packaging;

/// <summary>The packages as <c>tools/package</c> makes them, made once when the first test asks for them,
/// where whoever wants the packaged agent next finds them.</summary>
public sealed class Packages : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("package-").FullName;
    private readonly Lazy<Task<(string Deb, string Tar)>> made;

    public Packages() => made = new(() => PackAsync());

    public Task<(string Deb, string Tar)> MadeAsync() => made.Value;

    /// <summary>Makes them once more, into a directory of their own.</summary>
    internal Task<(string Deb, string Tar)> MakeAsync(string name, params string[] options) => PackAsync(["--output", Path.Combine(directory, name), .. options]);

    private static async Task<(string Deb, string Tar)> PackAsync(params string[] options)
    {
        Prerequisite.Command("dpkg-deb");
        var lines = (await OtherProgram.RequireAsync(Checkout.File("tools", "package"), options)).Split('\n');
        return (lines[0], lines[1]);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
