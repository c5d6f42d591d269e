using System.Security.Cryptography;

namespace BlockList.Server.Tests.Development;

/// <summary>A folder that stands for a checkout; its state directory goes with it, wherever that came to lie.</summary>
internal sealed class Checkout : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _root = $"/tmp/bl-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    public Checkout(UnixFileMode mode = ForAll, string below = "")
    {
        Directory.CreateDirectory(_root, mode);
        Path = Directory.CreateDirectory(System.IO.Path.Combine(_root, below)).FullName.TrimEnd('/');
    }

    public string Path { get; }

    public void Dispose()
    {
        if (new FileInfo(System.IO.Path.Combine(Path, ".local")).LinkTarget is { } elsewhere && Directory.Exists(elsewhere))
            Directory.Delete(elsewhere, recursive: true);
        Directory.Delete(_root, recursive: true);
    }
}
