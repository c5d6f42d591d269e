namespace BlockList.Server.Names.Register;

/// <summary>Why a name stands in the never-block register; a graver source has a higher number.</summary>
internal enum RegisterSource : byte
{
    /// <summary>An imported list of the most visited sites.</summary>
    TopSites,

    /// <summary>Entered by a person, with a reason.</summary>
    Hand,

    /// <summary>A service that people depend on: health, emergency, government, payment, the network itself.</summary>
    Critical,

    /// <summary>A provider or an agency showed by a TXT record that it is theirs.</summary>
    Proven,

    /// <summary>This installation stands there.</summary>
    Own,
}

/// <summary>A set of sources, one bit each.</summary>
[Flags]
internal enum RegisterSources : byte
{
    None = 0,
    TopSites = 1 << RegisterSource.TopSites,
    Hand = 1 << RegisterSource.Hand,
    Critical = 1 << RegisterSource.Critical,
    Proven = 1 << RegisterSource.Proven,
    Own = 1 << RegisterSource.Own,

    /// <summary>Those that a second person can override.</summary>
    Overridable = TopSites | Hand | Critical,
}
