using BlockList.Format;

namespace BlockList.Agent.Updating;

/// <summary>A version of one list that a person accepts, whatever brakes say.</summary>
internal sealed record AcceptedVersion(string List, Serial Version)
{
    /// <summary>The version, where this list is meant.</summary>
    public Serial? Of(string list) => list == List ? Version : null;
}
