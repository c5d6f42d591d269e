using System.Diagnostics;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A small file system of its own over a directory that exists already, with what lay in it; it can be filled and made read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Page = 4096;

    private readonly string directory;

    private SmallDisk(string directory) => this.directory = directory;

    private string Filling => Path.Combine(directory, "filling");

    public static SmallDisk Over(string directory, int kilobytes = 1024)
    {
        var before = directory + ".before";
        Directory.Move(directory, before);
        Directory.CreateDirectory(directory, File.GetUnixFileMode(before));
        var (mounted, said) = Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k,mode={Convert.ToString((int)File.GetUnixFileMode(before), 8)}", "tmpfs", directory);
        if (!mounted)
        {
            Directory.Delete(directory);
            Directory.Move(before, directory);
        }
        Prerequisite.Mount(mounted, said);
        Assert.True(Run("cp", "-a", before + "/.", directory).Done);
        Directory.Delete(before, recursive: true);
        return new SmallDisk(directory);
    }

    /// <summary>Leaves room for so many blocks and no more.</summary>
    public void Fill(int blocksLeft)
    {
        using (var file = new FileStream(Filling, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            try
            {
                var block = new byte[Page];
                while (true) file.Write(block);
            }
            catch (IOException)
            {
                // Full: what this is for.
            }
            file.SetLength(Math.Max(0, file.Length - (blocksLeft * Page)));
        }
    }

    public void Free() => File.Delete(Filling);

    public void MakeReadOnly(bool readOnly) => Assert.True(Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", directory).Done);

    /// <summary>Lazily: a program that another test starts just now has every open file of this process for a moment.</summary>
    public void Dispose() => Assert.True(Run("umount", "--lazy", directory).Done);

    private static (bool Done, string Said) Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode == 0, said.Trim());
    }
}
