using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlockList.Format.Json;

namespace BlockList.Format.Log;

/// <summary>One leaf of a list's log: that a targets document was signed. It names no entry, and the document's hash says nothing about
/// its content, since the document holds 32 random bytes.</summary>
/// <param name="List">The list.</param>
/// <param name="Version">The version that the document offers.</param>
/// <param name="TargetsVersion">The document's own number.</param>
/// <param name="TargetsSha256">Of the file as it is served, signatures included.</param>
public sealed partial record LogLeaf(string List, Serial Version, int TargetsVersion, string TargetsSha256)
{
    /// <summary>The leaf: five lines of ASCII, each with a line feed.</summary>
    public byte[] ToBytes() => Encoding.ASCII.GetBytes(ToString());

    /// <summary>The same as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"blocklist-log/1\nlist {List}\nversion {Version.Value}\ntargets-version {TargetsVersion}\ntargets {TargetsSha256}\n");

    /// <exception cref="MalformedDocumentException">It is no leaf of this format, byte for byte.</exception>
    public static LogLeaf Parse(ReadOnlySpan<byte> bytes)
    {
        var match = Form().Match(Encoding.Latin1.GetString(bytes));
        return match.Success
            && long.TryParse(match.Groups["version"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Serial.TryCreate(number, out var version)
            && int.TryParse(match.Groups["targets"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var targets)
            ? new LogLeaf(match.Groups["list"].Value, version, targets, match.Groups["sha256"].Value)
            : throw new MalformedDocumentException("it is no leaf of a log");
    }

    [GeneratedRegex(@"\Ablocklist-log/1\nlist (?<list>[a-z0-9-]{1,16})\nversion (?<version>[1-9][0-9]{0,9})\ntargets-version (?<targets>[1-9][0-9]{0,9})\ntargets (?<sha256>[0-9a-f]{64})\n\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
