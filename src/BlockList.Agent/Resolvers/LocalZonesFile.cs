using BlockList.Format.Json;

namespace BlockList.Agent.Resolvers;

/// <summary>The include file on the disk. What lies there in place always has every name that the running Unbound may have
/// as a local zone of this list: it gets new names before Unbound does, and loses old ones after.</summary>
internal sealed class LocalZonesFile(string path, LocalZonesMarker marker)
{
    private readonly LocalZonesText text = new(marker);

    public StagedFile File { get; } = new(path);

    /// <summary>Where the local zones of a list lie, beside its zone file.</summary>
    public static string PathOf(string zoneFile) => zoneFile + ".local-zones";

    public void Render(LocalZones zones) => File.Render(stream => text.Write(stream, zones));

    public bool HasNext => System.IO.File.Exists(File.Next);

    /// <exception cref="MalformedDocumentException">It is not what was written.</exception>
    public LocalZones ReadNext() => Read(File.Next);

    /// <summary>The local zones in place; none where there is no file yet. Of a file that somebody changed, or that another release
    /// wrote, it is the names at least: Unbound may have them, and what is not known to be there is never taken away.</summary>
    public LocalZones ReadPlaced()
    {
        if (!System.IO.File.Exists(File.Path)) return LocalZones.None;
        try
        {
            return Read(File.Path);
        }
        catch (MalformedDocumentException)
        {
            using var stream = System.IO.File.OpenRead(File.Path);
            return text.ReadNames(stream);
        }
    }

    /// <summary>Puts names of two versions in place, leaving the next file where it is.</summary>
    public void Place(LocalZones both)
    {
        var beside = File.Path + ".both";
        StagedFile.Write(beside, stream => text.Write(stream, both));
        State.DurableFile.MoveOver(beside, File.Path);
    }

    private LocalZones Read(string from)
    {
        using var stream = System.IO.File.OpenRead(from);
        return text.Read(stream);
    }
}
