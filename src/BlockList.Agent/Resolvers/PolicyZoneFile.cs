using BlockList.Agent.Configuration;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Resolvers;

/// <summary>A response policy zone on the disk.</summary>
internal sealed class PolicyZoneFile(ListSettings settings)
{
    public StagedFile File { get; } = new(settings.ZoneFile);

    public void Render(ListFile list, Serial serial) => File.Render(stream => RpzZone.Write(stream, list, serial, settings.Action));

    /// <exception cref="Format.Json.MalformedDocumentException">It is not what was written, or has another action.</exception>
    public (Serial Serial, ListFile Enforced) ReadNext()
    {
        using var stream = System.IO.File.OpenRead(File.Next);
        return RpzZone.Read(stream, settings.Action);
    }

    /// <summary>The serial of the next zone, which may have another action than the one configured now.</summary>
    public Serial ReadNextSerial() => ReadSerial(File.Next);

    public Serial ReadPlacedSerial() => ReadSerial(File.Path);

    private static Serial ReadSerial(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        return RpzZone.ReadSerial(stream);
    }
}
