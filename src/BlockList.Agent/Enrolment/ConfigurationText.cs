using System.Globalization;
using System.Text;

namespace BlockList.Agent.Enrolment;

/// <summary>The <c>agent.ini</c> that an enrolment writes: what it was told, and each setting that a first installation looks for.</summary>
internal static class ConfigurationText
{
    public const string Resolver = "unbound";

    public static string ZoneFileOf(EnrollRequest request, string list) =>
        Path.Combine(Path.GetFullPath(request.ZoneDirectory), list + ".rpz");

    public static string Of(EnrollRequest request, Bundle bundle)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {bundle.Provider}: written by \"blocklist-agent enroll\". Paths are relative to this file.\n");
        text.Append(CultureInfo.InvariantCulture, $"[agent]\nstate={Path.GetFullPath(request.StateDirectory)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"[server]\naddress={bundle.Server.GetLeftPart(UriPartial.Authority)}\nca={Bundle.AuthorityFile}\ncertificate={Bundle.CertificateFile}\nkey={Bundle.KeyFile}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"[resolver {Resolver}]\ntype=unbound\ncontrol={request.UnboundControl}\naddress={request.UnboundAddress}\n");
        foreach (var list in bundle.Lists)
            text.Append(CultureInfo.InvariantCulture, $"\n[list {list}]\nresolver={Resolver}\nzone={list}\nzonefile={ZoneFileOf(request, list)}\n");
        return text.ToString();
    }

    /// <summary>Whether a configuration has remarks only, as a package brings it: there is nothing in it to lose.</summary>
    public static bool SaysNothing(byte[] existing) =>
        Encoding.UTF8.GetString(existing).Split('\n').All(line => line.Trim() is "" or ['#', ..] or [';', ..]);
}
