using System.Globalization;
using System.Text;
using BlockList.Format.Json;

namespace BlockList.Format.Lists;

/// <summary>
/// <c>manifest.txt</c>: for people without the agent. Six lines of <c>key: value</c>, signed as a file by
/// <c>manifest.txt.sshsig</c> (<c>ssh-keygen -Y verify</c>) and <c>manifest.txt.p7s</c> (<c>openssl cms -verify</c>).
/// </summary>
public sealed record Manifest(string List, Serial Version, int Count, string Sha256, DateTimeOffset Published, DateTimeOffset Expires)
{
    /// <summary>The namespace of the SSH signature.</summary>
    public const string SshNamespace = "blocklist-manifest";

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"list: {List}\nversion: {Version}\ncount: {Count}\nsha256: {Sha256}\npublished: {Timestamp.Format(Published)}\nexpires: {Timestamp.Format(Expires)}\n"));
}
