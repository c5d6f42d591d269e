using BlockList.Format.Names;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names;

/// <summary>
/// Keeps names off every list whose listing would hit the innocent: one question, one answer, for a name and a scope. Asked
/// while a name is typed, at proposal, at import, and again for every addition of a version.
/// </summary>
/// <param name="suffixes">The rules of public suffixes.</param>
/// <param name="register">At one revision.</param>
internal sealed class NameGuard(PublicSuffixes suffixes, NeverBlockRegister register)
{
    private static readonly GuardVerdict.Clear Clear = new();

    public NeverBlockRegister Register => register;

    public GuardVerdict Check(DomainName name, Scope scope)
    {
        var place = suffixes.Locate(name.Ascii);
        if (place.Registrable < 0) return new GuardVerdict.Refuse(name, scope, place, default);
        var match = register.Find(name.Ascii, place.Registrable, scope);
        var isShared = place.Section == SuffixSection.Private;
        if ((match.Sources & ~RegisterSources.Overridable) != 0) return new GuardVerdict.Refuse(name, scope, place, match);
        // Before what can be overridden: an override would be asked for a scope that nobody can have.
        if (scope == Scope.Domain && (isShared || place.HasSuffixBelow)) return new GuardVerdict.HostOnly(name, place);
        if (match.Sources != RegisterSources.None) return new GuardVerdict.NeedsOverride(name, match);
        return match.NamesBelow > 0 || place.IsDynamic ? new GuardVerdict.Warn(name, place, match) : Clear;
    }
}
