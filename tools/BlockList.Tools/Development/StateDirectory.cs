using System.Security.Cryptography;
using System.Text;

namespace BlockList.Tools.Development;

/// <summary>
/// Everything that a development run leaves on disk lies in one directory owned by <see cref="UnprivilegedUser"/>.
/// For a checkout that is <c>.local</c>, or a directory in /var/tmp that <c>.local</c> points to when the user cannot
/// reach the checkout (a clone by root in a folder of mode 0700) or when the path leaves no room for sockets.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    /// <summary>sun_path holds 108 bytes with its final zero.</summary>
    private const int LongestSocketPath = 107;

    /// <summary>What is left of a socket path must hold the runtime's own name below tmp: dotnet-diagnostic-PID-START-socket.</summary>
    private const int LongestRoot = 52;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream? _lock;

    private StateDirectory(string root, FileStream? held)
    {
        Root = root;
        _lock = held;
    }

    public string Root { get; }

    /// <summary>Whether an earlier run left something here, perhaps one of another version.</summary>
    public bool IsUsed { get; private init; }

    public UnprivilegedUser User { get; } = UnprivilegedUser.Current;

    /// <summary>The lasting directory of a checkout. It is held until disposal: two runs in one directory would share a cluster and its ports.</summary>
    public static StateDirectory Open(string checkout)
    {
        // Without links, as /proc shows a process's directory and as one checkout must have one state directory.
        checkout = Subprocess.Run("/usr/bin/realpath", checkout).Require().Output.Trim();
        var local = Path.Combine(checkout, ".local");
        var root = IsLink(local) || local.Length > LongestRoot || !UnprivilegedUser.Current.CanReach(checkout)
            ? Elsewhere(checkout, local)
            : local;
        CreateOwned(root);
        var isUsed = System.IO.Directory.EnumerateFileSystemEntries(root).Any();
        return new StateDirectory(root, Hold(root)) { IsUsed = isUsed };
    }

    /// <summary>A short-lived directory for one test; disposal removes it with all that is in it.</summary>
    public static StateDirectory Temporary()
    {
        var root = $"/tmp/bl-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 6)}";
        CreateOwned(root);
        return new StateDirectory(root, held: null);
    }

    public string File(params string[] names) => Path.Combine([Root, .. names]);

    /// <summary>A directory below the root, made if absent, readable by its owner alone.</summary>
    public string Directory(params string[] names)
    {
        var path = Root;
        foreach (var name in names)
        {
            path = Path.Combine(path, name);
            CreateOwned(path);
        }

        return path;
    }

    public string Socket(params string[] names)
    {
        var path = File(names);
        return Encoding.UTF8.GetByteCount(path) <= LongestSocketPath
            ? path
            : throw new InvalidOperationException(
                $"The socket {path} has a path of {Encoding.UTF8.GetByteCount(path)} bytes; Linux allows {LongestSocketPath}. Use a checkout with a shorter path.");
    }

    /// <summary>Writes a file whole: a reader sees the old text or the new one. Mode 0600 unless it may be read by all.</summary>
    public string Write(string path, string text, bool secret = false)
    {
        var draft = path + ".new";
        System.IO.File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
                | (secret ? UnixFileMode.None : UnixFileMode.GroupRead | UnixFileMode.OtherRead),
        };
        using (var stream = new FileStream(draft, options))
            stream.Write(Encoding.UTF8.GetBytes(text));
        User.Own(draft);
        System.IO.File.Move(draft, path, overwrite: true);
        return path;
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (_lock is null && System.IO.Directory.Exists(Root))
            System.IO.Directory.Delete(Root, recursive: true);
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static string Elsewhere(string checkout, string local)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(checkout)))[..8];
        var root = $"/var/tmp/blocklist-{Libc.EffectiveUser()}-{name}";
        if (!IsLink(local) && System.IO.Directory.Exists(local))
            throw new InvalidOperationException($"The user {UnprivilegedUser.Current.Name} cannot reach {local}. Remove that directory and start again; its data is for development only.");
        if (new FileInfo(local).LinkTarget != root)
        {
            System.IO.File.Delete(local);
            System.IO.File.CreateSymbolicLink(local, root);
        }

        return root;
    }

    private static void CreateOwned(string path)
    {
        var user = UnprivilegedUser.Current;
        if (!System.IO.Directory.Exists(path))
        {
            System.IO.Directory.CreateDirectory(path, OwnerOnly);
            user.Own(path);
        }

        // Anybody may have made a directory of this name in /tmp or /var/tmp first.
        var owner = Subprocess.Run("/usr/bin/stat", "--format=%u %F", path).Require().Output.Trim();
        if (owner != $"{user.UserId} directory")
            throw new InvalidOperationException($"{path} does not belong to the user {user.Name}. Run as the user it belongs to, or remove it and start again; its data is for development only.");
    }

    private static FileStream Hold(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InvalidOperationException($"Another run uses {root}. Stop it first, or work in another checkout.");
        }
    }
}
