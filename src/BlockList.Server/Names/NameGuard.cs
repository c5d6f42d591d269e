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

    /// <summary>Every rule that speaks against a name and scope; <see cref="Check"/> says the gravest.</summary>
    public (bool IsSuffix, bool IsHostOnly, RegisterSources Sources) Weigh(DomainName name, Scope scope)
    {
        var place = suffixes.Locate(name.Ascii);
        return place.Registrable < 0 ? (true, false, RegisterSources.None) : (false, IsHostOnly(place, scope), register.Find(name.Ascii, place.Registrable, scope).Sources);
    }

    public GuardVerdict Check(DomainName name, Scope scope)
    {
        var place = suffixes.Locate(name.Ascii);
        if (place.Registrable < 0) return new GuardVerdict.Refuse(name, scope, place, default);
        var match = register.Find(name.Ascii, place.Registrable, scope);
        if ((match.Sources & ~RegisterSources.Overridable) != 0) return new GuardVerdict.Refuse(name, scope, place, match);
        // Before what can be overridden: an override would be asked for a scope that nobody can have.
        if (IsHostOnly(place, scope)) return new GuardVerdict.HostOnly(name, place);
        if (match.Sources != RegisterSources.None) return new GuardVerdict.NeedsOverride(name, match);
        return match.NamesBelow > 0 || place.IsDynamic ? new GuardVerdict.Warn(name, place, match) : Clear;
    }

    private static bool IsHostOnly(SuffixPlace place, Scope scope) => scope == Scope.Domain && (place.Section == SuffixSection.Private || place.HasSuffixBelow);
}
