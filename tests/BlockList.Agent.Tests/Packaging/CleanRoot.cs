using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>
/// A Debian system of its own in a directory, of the suite that this machine runs, with Unbound and what the package
/// depends on. Made once by mmdebstrap and kept in <c>.local</c>; each test unpacks its own copy. Nothing runs in it, as on a
/// machine whose image is being made: <see cref="BootedRoot"/> lets its systemd run.
/// </summary>
internal sealed class CleanRoot : IDisposable
{
    private const string Include = "adduser,dns-root-data,libgcc-s1,libicu72,libssl3,libstdc++6,systemd,systemd-sysv,unbound";

    private static readonly Lazy<Task<string>> Image = new(MakeImageAsync);

    private CleanRoot(string directory) => Root = directory;

    public string Root { get; }

    public static async Task<CleanRoot> CreateAsync()
    {
        var image = await ImageAsync();
        var root = new CleanRoot(Directory.CreateTempSubdirectory("root-").FullName);
        File.SetUnixFileMode(root.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await OtherProgram.RequireAsync("tar", "-C", root.Root, "--exclude=./dev/*", "-xf", image);
        return root;
    }

    /// <summary>The archive that it is unpacked from.</summary>
    public static Task<string> ImageAsync()
    {
        Prerequisite.Command("mmdebstrap");
        Prerequisite.Root();
        return Image.Value;
    }

    public string PathOf(string path) => Path.Combine(Root, path.TrimStart('/'));

    /// <summary>Arguments that run a script in it, with /proc and /dev of its own; what the script starts ends with it.</summary>
    public string[] Arguments(string script) =>
        ["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec",
            "mount -t proc proc \"$1/proc\"; mount --bind /dev \"$1/dev\"; mount -t tmpfs tmpfs \"$1/run\"; exec chroot \"$1\" /bin/bash -ec \"$2\"", "sh", Root, script];

    public Task<AgentRun> RunAsync(string script) => OtherProgram.RunAsync("unshare", Arguments(script));

    public async Task<string> RequireAsync(string script) => (await RunAsync(script)).Ended(ExitCode.Done).Results;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static async Task<string> MakeImageAsync()
    {
        var image = Checkout.File(".local", $"clean-root-{Format.Hashes.Sha256(System.Text.Encoding.ASCII.GetBytes(Include))[..8]}.tar");
        if (File.Exists(image)) return image;
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        await OtherProgram.RequireAsync("sh", "-c", $". /etc/os-release; mmdebstrap --quiet --variant=minbase --include={Include} \"$VERSION_CODENAME\" '{image}.new.tar' && mv '{image}.new.tar' '{image}'");
        return image;
    }
}
