using BlockList.Agent.State;
using BlockList.Agent.Trust;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Content;

/// <summary>Compares a file from anywhere with what the stored, verified metadata says of a list.</summary>
internal sealed class VerifyFile(ListState state)
{
    /// <returns>Whether it is the list, and a sentence that says so or says what differs; never a name.</returns>
    public (bool Same, string Sentence) Run(byte[] file)
    {
        TrustedList? trusted;
        try
        {
            trusted = StoredTrust.Read(state);
        }
        catch (RefusedException problem)
        {
            return (false, $"{state.List}: the stored metadata does not verify together ({problem.Message}), as after a fetch that was cut off. Run \"blocklist-agent fetch\" first.");
        }
        if (trusted is null)
            return (false, $"{state.List}: nothing was fetched and verified yet, so there is nothing to compare with. Run \"blocklist-agent fetch\" first.");
        var version = trusted.Version;
        if (trusted.File.Matches(file))
            return (true, $"{state.List}: it is version {version.Version}, {version.Count} entries, published {Timestamp.Format(version.PublishedAt)}, signed by the keys of its root");
        return (false, $"{state.List}: it is not version {version.Version}: {Difference(file, trusted)}");
    }

    private string Difference(byte[] file, TrustedList trusted)
    {
        ListFile found;
        try
        {
            found = ListFile.Parse(file);
        }
        catch (MalformedDocumentException problem)
        {
            return $"it is no list file ({problem.Message})";
        }
        var hashes = $"its SHA-256 is {Hashes.Sha256(file)} and should be {trusted.File.Sha256}";
        if (HeldList.Read(state) is not { } held || !trusted.File.Matches(held.Bytes))
            return $"it has {found.Count} entries where {trusted.Version.Count} are due; {hashes}";
        var missing = held.List.Except(found).Count;
        var added = found.Except(held.List).Count;
        return $"{missing} of its {held.List.Count} entries are missing and {added} are too many; {hashes}";
    }
}
